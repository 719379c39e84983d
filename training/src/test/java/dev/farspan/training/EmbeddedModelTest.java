package dev.farspan.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The model that ships with the repository, run by the engine on text it was not trained on.
class EmbeddedModelTest {
  private static final Path MODEL = Path.of("../models/farspan-tiny");
  private static final int LENGTH = 255;

  /// Nats per token recorded in docs/results.md, plus what another machine's rounding may change.
  private static final double RECORDED = 3.276;

  private static Model model;
  private static Corpus text;

  @BeforeAll
  static void open() throws IOException {
    model = Model.open(MODEL, 1);
    text =
        Corpus.encode(
            Files.readString(
                Path.of(
                    "../evaluation/src/main/resources/dev/farspan/evaluation/text/held-out.txt")),
            model.tokenizer());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void itFindsPasskeysInsideItsTrainedLength() {
    Passkey task = new Passkey(text, model.tokenizer(), 0, 1);
    long found =
        IntStream.range(0, 40)
            .filter(i -> finds(task.at(new SplittableRandom(i), LENGTH, i / 39.0)))
            .count();
    // docs/results.md records 200 of 200; the aim is 95 %.
    assertThat(found).isGreaterThanOrEqualTo(38);
  }

  private boolean finds(Example example) {
    float[][] logits = logits(example);
    int answer = new Passkey(text, model.tokenizer(), 0, 1).answerTokens();
    return IntStream.range(LENGTH - answer, LENGTH)
        .allMatch(i -> largest(logits[i]) == example.ids()[i + 1]);
  }

  @Test
  void itsLossOnTextIsTheRecordedOne() {
    double sum = 0;
    int windows = 24;
    for (int w = 0; w < windows; w++) {
      Example example = Example.plain(text.window(w * (LENGTH + 1), LENGTH + 1));
      float[][] logits = logits(example);
      for (int i = 0; i < LENGTH; i++) {
        sum += loss(logits[i], example.ids()[i + 1]);
      }
    }
    assertThat(sum / (windows * LENGTH)).isCloseTo(RECORDED, within(0.01));
  }

  private static double loss(float[] logits, int next) {
    double top = logits[largest(logits)];
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit - top);
    }
    return Math.log(total) + top - logits[next];
  }

  private static int largest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  /// The engine's logits of every prediction.
  private static float[][] logits(Example example) {
    int[] ids = java.util.Arrays.copyOf(example.ids(), example.length());
    int vocab = model.config().vocabSize();
    float[][] out = new float[ids.length][];
    LogitsSink sink =
        new LogitsSink() {
          @Override
          public boolean wants(int position) {
            return true;
          }

          @Override
          public void accept(int position, float[] logits, int at) {
            out[position] = java.util.Arrays.copyOfRange(logits, at, at + vocab);
          }
        };
    try (Session session =
        model.session(MethodSpec.parse("none"), ids.length, ids.length, CacheType.F32)) {
      session.feed(ids, 256, sink, _ -> {});
    }
    return out;
  }
}
