package dev.farspan.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.runtime.engine.Model;
import dev.farspan.training.data.Corpus;
import dev.farspan.training.data.Example;
import dev.farspan.training.data.Passkey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The model with landmarks that ships with the repository, on text it was not trained on.
class EmbeddedLandmarksTest {
  private static final int TRAINED = 256;
  private static final String METHOD = "landmark:topk=2,local=1";

  @Test
  void itFindsPasskeysFarBeyondItsTrainedLength() throws IOException {
    try (Model model = Model.open(Path.of("../models/farspan-tiny-landmark"), 1)) {
      Corpus text = Engine.heldOut(model);
      Passkey task = new Passkey(text, model.tokenizer(), 0, 1);
      // docs/results.md records how many of more and longer ones.
      assertThat(found(model, task, TRAINED - 1, 12)).isGreaterThanOrEqualTo(11);
      assertThat(found(model, task, 8 * TRAINED - 1, 6)).isGreaterThanOrEqualTo(5);
    }
  }

  private static long found(Model model, Passkey task, int length, int samples) {
    return IntStream.range(0, samples)
        .filter(
            i ->
                finds(
                    model,
                    task.at(new SplittableRandom(i), length, i / (samples - 1.0)),
                    task.answerTokens()))
        .count();
  }

  private static boolean finds(Model model, Example example, int answer) {
    int[] ids = Arrays.copyOf(example.ids(), example.length());
    float[] logits = Engine.logits(model, METHOD, ids);
    int vocab = model.config().vocabSize();
    int text = model.config().textVocabSize();
    return IntStream.range(ids.length - answer, ids.length)
        .allMatch(i -> Engine.likeliest(logits, i * vocab, text) == example.ids()[i + 1]);
  }
}
