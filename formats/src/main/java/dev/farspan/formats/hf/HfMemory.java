package dev.farspan.formats.hf;

import dev.farspan.context.lint.Settings;
import dev.farspan.context.model.TrainedMemory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The section `farspan` of a configuration: what a model was trained to read far text by.
///
/// `"farspan": {"landmark": {"block": 16, "token": 1024}}`
public final class HfMemory {
  private static final String SECTION = "farspan";
  private static final String LANDMARK = "landmark";
  private static final String BLOCK = "block";
  private static final String TOKEN = "token";

  private HfMemory() {}

  static TrainedMemory read(Settings config) {
    Optional<Settings> section = config.object(SECTION);
    if (section.isEmpty()) {
      return TrainedMemory.NONE;
    }
    Optional<Settings> landmark = section.get().object(LANDMARK);
    refuseUnread(section.get());
    if (landmark.isEmpty()) {
      return TrainedMemory.NONE;
    }
    TrainedMemory.Landmarks read =
        new TrainedMemory.Landmarks(
            landmark.get().requiredCount(BLOCK), landmark.get().requiredCount(TOKEN));
    refuseUnread(landmark.get());
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
  /// @param landmarks what its landmarks are
  /// @return the same, with the section `farspan` and a vocabulary that has the landmark
  public static Map<String, Object> with(
      Map<String, Object> config, TrainedMemory.Landmarks landmarks) {
    Map<String, Object> changed = new LinkedHashMap<>(config);
    changed.put("vocab_size", landmarks.token() + 1);
    Map<String, Object> landmark = new LinkedHashMap<>();
    landmark.put(BLOCK, landmarks.block());
    landmark.put(TOKEN, landmarks.token());
    changed.put(SECTION, Map.of(LANDMARK, landmark));
    return changed;
  }
}
