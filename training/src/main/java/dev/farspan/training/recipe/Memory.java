package dev.farspan.training.recipe;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.TrainedMemory.Summaries;
import dev.farspan.training.run.Reading;
import java.util.Optional;

/// The memory tokens of a recipe.
///
/// @param summaries what the model is to have
/// @param vary how far the lengths of segments differ from that of the summaries
/// @param backprop how many summaries a gradient passes through
record Memory(Summaries summaries, int vary, int backprop) {
  private static final String KEEP = "memory.keep";

  static Optional<Memory> read(Settings settings) {
    if (!settings.hasAny("memory.")) {
      return Optional.empty();
    }
    int keep =
        settings.find(KEEP).filter("all"::equals).isPresent()
            ? Summaries.ALL
            : settings.count(KEEP, Summaries.ALL);
    Memory memory =
        new Memory(
            new Summaries(settings.count("memory.tokens"), settings.count("memory.segment"), keep),
            settings.count("memory.vary", 0),
            settings.count("memory.backprop", 2)); // the paper's two, section 3
    memory.reading(); // refuses what makes no segments
    return Optional.of(memory);
  }

  Reading.Segments reading() {
    return new Reading.Segments(summaries.segment(), vary, summaries.keep(), backprop);
  }

  /// Fails unless the model can read such segments.
  void requireFits(ModelConfig model) {
    int longest = summaries.segment() + vary + summaries.tokens();
    if (longest > model.maxLength()) {
      throw new IllegalArgumentException(
          "segments of up to %d tokens and their %d memory tokens are more than the model's %d: take smaller ones"
              .formatted(summaries.segment() + vary, summaries.tokens(), model.maxLength()));
    }
    if (model.layers().stream().distinct().anyMatch(l -> l.window() > 0)) {
      throw new IllegalArgumentException(
          "this %s model has layers with a sliding window, which summaries fall out of: memory tokens need full attention in every layer"
              .formatted(model.family()));
    }
  }
}
