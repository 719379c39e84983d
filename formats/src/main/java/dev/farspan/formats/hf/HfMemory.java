package dev.farspan.formats.hf;

import dev.farspan.context.lint.Settings;
import dev.farspan.context.model.TrainedMemory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The section `farspan` of a configuration: what a model was trained to read far text by.
///
/// `"farspan": {"landmark": {"block": 16, "token": 1024}}`, or `"farspan": {"memory_tokens":
/// {"tokens": 16, "segment": 128}}`, with `"keep": 1` where not the summaries of all past segments
/// are read.
public final class HfMemory {
  private static final String SECTION = "farspan";
  private static final String LANDMARK = "landmark";
  private static final String BLOCK = "block";
  private static final String TOKEN = "token";
  private static final String MEMORY_TOKENS = "memory_tokens";
  private static final String TOKENS = "tokens";
  private static final String SEGMENT = "segment";
  private static final String KEEP = "keep";

  private HfMemory() {}

  static TrainedMemory read(Settings config) {
    Optional<Settings> section = config.object(SECTION);
    if (section.isEmpty()) {
      return TrainedMemory.NONE;
    }
    Optional<Settings> landmark = section.get().object(LANDMARK);
    Optional<Settings> summaries = section.get().object(MEMORY_TOKENS);
    refuseUnread(section.get());
    if (landmark.isPresent() && summaries.isPresent()) {
      config.error(SECTION, "has both landmark and memory_tokens; a model is trained for one");
    }
    if (summaries.isPresent()) {
      return summaries(summaries.get());
    }
    if (landmark.isEmpty()) {
      return TrainedMemory.NONE;
    }
    TrainedMemory.Landmarks read =
        new TrainedMemory.Landmarks(
            landmark.get().requiredCount(BLOCK), landmark.get().requiredCount(TOKEN));
    refuseUnread(landmark.get());
    return read;
  }

  private static TrainedMemory summaries(Settings settings) {
    TrainedMemory.Summaries read =
        new TrainedMemory.Summaries(
            settings.requiredCount(TOKENS),
            settings.requiredCount(SEGMENT),
            settings.count(KEEP).orElse(TrainedMemory.Summaries.ALL));
    refuseUnread(settings);
    return read;
  }

  private static void refuseUnread(Settings settings) {
    settings
        .unread()
        .forEach(
            key ->
                settings.error(
                    key, "is unknown here; open the model with the version that wrote it"));
  }

  /// Returns a configuration that says what its model was trained for.
  ///
  /// @param config keys and values of a `config.json`
  /// @param memory what its model reads far text by
  /// @return the same, with the section `farspan` unless there is nothing to say, and a vocabulary
  ///   that has the landmark
  public static Map<String, Object> with(Map<String, Object> config, TrainedMemory memory) {
    Map<String, Object> changed = new LinkedHashMap<>(config);
    switch (memory) {
      case TrainedMemory.None _ -> {}
      case TrainedMemory.Landmarks landmarks -> {
        changed.put("vocab_size", landmarks.token() + 1);
        changed.put(SECTION, Map.of(LANDMARK, values(landmarks)));
      }
      case TrainedMemory.Summaries summaries ->
          changed.put(SECTION, Map.of(MEMORY_TOKENS, values(summaries)));
    }
    return changed;
  }

  private static Map<String, Object> values(TrainedMemory.Landmarks landmarks) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(BLOCK, landmarks.block());
    values.put(TOKEN, landmarks.token());
    return values;
  }

  private static Map<String, Object> values(TrainedMemory.Summaries summaries) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(TOKENS, summaries.tokens());
    values.put(SEGMENT, summaries.segment());
    if (summaries.keep() != TrainedMemory.Summaries.ALL) {
      values.put(KEEP, summaries.keep());
    }
    return values;
  }
}
