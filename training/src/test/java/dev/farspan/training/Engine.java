package dev.farspan.training;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import dev.farspan.training.data.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the engine makes of a model, for tests that look at a trained one.
public final class Engine {
  private static final Path HELD_OUT =
      Path.of("../evaluation/src/main/resources/dev/farspan/evaluation/text/held-out.txt");
  private static final int BLOCK = 64;

  private Engine() {}

  /// Returns the text that no model in the repository was trained on.
  static Corpus heldOut(Model model) throws IOException {
    return Corpus.encode(Files.readString(HELD_OUT), model.tokenizer());
  }

  /// Returns the logits of every token: (tokens, vocabulary).
  public static float[] logits(Model model, String method, int[] ids) {
    int vocab = model.config().vocabSize();
    float[] out = new float[ids.length * vocab];
    LogitsSink sink =
        new LogitsSink() {
          @Override
          public boolean wants(int position) {
            return true;
          }

          @Override
          public void accept(int position, float[] logits, int at) {
            System.arraycopy(logits, at, out, position * vocab, vocab);
          }
        };
    try (Session session =
        model.session(MethodSpec.parse(method), ids.length, ids.length, CacheType.F32)) {
      session.feed(ids, BLOCK, sink, _ -> {});
    }
    return out;
  }

  /// Returns the likeliest of the first `count` tokens under the logits from `at` on.
  static int likeliest(float[] logits, int at, int count) {
    int best = 0;
    for (int id = 1; id < count; id++) {
      best = logits[at + id] > logits[at + best] ? id : best;
    }
    return best;
  }

  /// Returns the loss of a token under the logits from `at` on, in nats.
  static double loss(float[] logits, int at, int vocab, int next) {
    double top = logits[at + likeliest(logits, at, vocab)];
    double total = 0;
    for (int v = at; v < at + vocab; v++) {
      total += Math.exp(logits[v] - top);
    }
    return Math.log(total) + top - logits[at + next];
  }
}
