package dev.farspan.bench;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.decode.SessionOptions;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.Random;

/// A session that tells how long it takes. Its tokens are drawn by a fixed seed: speed does not
/// depend on what they say.
final class TimedSession implements AutoCloseable {
  private static final long SEED = 20_261_124;

  /// Wants the logits of every token, as a sampler does.
  private static final LogitsSink ALL =
      new LogitsSink() {
        @Override
        public boolean wants(int position) {
          return true;
        }

        @Override
        public void accept(int position, float[] logits, int at) {}
      };

  private final Session session;
  private final int vocab;
  private final Random random = new Random(SEED);

  /// @param length tokens that the method is to take the prompt for
  TimedSession(Model model, MethodSpec spec, int length) {
    Method method = Method.resolve(spec, model.config(), length);
    this.session = Session.open(model.decoder(), new SessionOptions(method, length, CacheType.F16));
    this.vocab = model.config().vocabSize();
  }

  int position() {
    return session.position();
  }

  /// Reads a block of a prompt, and returns the seconds it took.
  double read(int tokens) {
    int[] block = random.ints(tokens, 0, vocab).toArray();
    long start = System.nanoTime();
    session.feed(block, tokens, LogitsSink.NONE, _ -> {});
    return (System.nanoTime() - start) / 1e9;
  }

  /// Writes tokens one by one, and returns the seconds of one.
  double write(int tokens) {
    int[] written = random.ints(tokens, 0, vocab).toArray();
    long start = System.nanoTime();
    session.feed(written, 1, ALL, _ -> {});
    return (System.nanoTime() - start) / 1e9 / tokens;
  }

  @Override
  public void close() {
    session.close();
  }
}
