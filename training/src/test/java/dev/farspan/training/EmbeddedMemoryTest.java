package dev.farspan.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.runtime.engine.Model;
import dev.farspan.training.data.Corpus;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The model with memory tokens that ships with the repository, on text it was not trained on.
class EmbeddedMemoryTest {
  private static final int SEGMENT = 128;
  private static final int WINDOW = 2 * SEGMENT;

  @Test
  void aSummaryAnEighthAsLongGivesHalfOfWhatThePastIsWorth() throws IOException {
    try (Model model = Model.open(Path.of("../models/farspan-tiny-memory"), 1)) {
      Corpus text = Engine.heldOut(model);
      double alone = loss(model, text, "memory-tokens:keep=0");
      double summary = loss(model, text, "memory-tokens");
      double full = loss(model, text, "none");
      // docs/results.md records 3.193, 3.153 and 3.126; another machine rounds otherwise.
      assertThat(alone).isCloseTo(3.193, within(0.01));
      assertThat(full).isCloseTo(3.126, within(0.01));
      assertThat((alone - summary) / (alone - full)).isBetween(0.5, 1.0);
    }
  }

  /// Mean loss of the second segment of every window, its first token left out: that is predicted
  /// by the last of the first segment.
  private static double loss(Model model, Corpus text, String method) {
    double sum = 0;
    int windows = text.size() / WINDOW;
    for (int w = 0; w < windows; w++) {
      sum += loss(model, text.window(w * WINDOW, WINDOW), method);
    }
    return sum / (windows * (SEGMENT - 1));
  }

  private static double loss(Model model, int[] ids, String method) {
    int vocab = model.config().vocabSize();
    float[] logits = Engine.logits(model, method, ids);
    double sum = 0;
    for (int i = SEGMENT; i + 1 < WINDOW; i++) {
      sum += Engine.loss(logits, i * vocab, vocab, ids[i + 1]);
    }
    return sum;
  }
}
