package dev.farspan.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import dev.farspan.training.data.Corpus;
import dev.farspan.training.data.Example;
import dev.farspan.training.data.Passkey;
import java.io.IOException;
import java.nio.file.Files;
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
      Corpus text =
          Corpus.encode(
              Files.readString(
                  Path.of(
                      "../evaluation/src/main/resources/dev/farspan/evaluation/text/held-out.txt")),
              model.tokenizer());
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
    boolean[] wrong = new boolean[1];
    LogitsSink sink =
        new LogitsSink() {
          @Override
          public boolean wants(int position) {
            return position >= ids.length - answer;
          }

          @Override
          public void accept(int position, float[] logits, int at) {
            int best = 0;
            for (int id = 1; id < model.config().textVocabSize(); id++) {
              best = logits[at + id] > logits[at + best] ? id : best;
            }
            wrong[0] |= best != example.ids()[position + 1];
          }
        };
    try (Session session =
        model.session(MethodSpec.parse(METHOD), ids.length, ids.length, CacheType.F32)) {
      session.feed(ids, 256, sink, _ -> {});
    }
    return !wrong[0];
  }
}
