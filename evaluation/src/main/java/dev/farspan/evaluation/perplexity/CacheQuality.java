package dev.farspan.evaluation.perplexity;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.kernels.Kernels;
import dev.farspan.runtime.decode.Decoder;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.decode.SessionOptions;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/// What rounding keys and values costs: the next-token distributions of one session for each type
/// of the cache, against those of a session that rounds nothing (f32).
///
/// The sessions read a text side by side, a block at a time, so that no more than the logits of one
/// block are kept.
public final class CacheQuality {
  /// Logits that are kept at once, in floats: twice 64 MiB.
  private static final int KEPT = 1 << 24;

  private static final int MOST_ROWS = 256;

  /// Its log-sum-exp is in double precision: divergences of 1e-7 are to be told from none.
  static final Kernels EXACT = Kernels.reference();

  private final Decoder decoder;
  private final int[] tokens;
  private final Method method;

  /// Makes a measurement.
  ///
  /// @param decoder the model
  /// @param tokens the text
  /// @param spec the context method of all sessions
  /// @throws IllegalArgumentException if the text has no token to predict, or the method does not
  ///   suit the model
  public CacheQuality(Decoder decoder, int[] tokens, MethodSpec spec) {
    if (tokens.length < 2) {
      throw new IllegalArgumentException(
          "a text of " + tokens.length + " tokens has none to predict; at least 2 are needed");
    }
    this.decoder = decoder;
    this.tokens = tokens.clone();
    this.method = Method.resolve(spec, decoder.config(), tokens.length);
  }

  /// Measures.
  ///
  /// @param types types of the cache, f32 among them or not
  /// @param progress told how many tokens have been read, of `tokens * (types + 1)`
  /// @return a row for f32, then one for each other type in the order given
  public List<CacheQualityRow> measure(List<CacheType> types, LongConsumer progress) {
    List<Reader> readers = new ArrayList<>();
    int vocab = decoder.config().vocabSize();
    int rows = Math.clamp(KEPT / vocab, 1, MOST_ROWS);
    Distributions exact = new Distributions(rows, vocab);
    try (Session reference = open(CacheType.F32)) {
      Divergence own = new Divergence(tokens, exact);
      types.stream()
          .filter(type -> !type.equals(CacheType.F32))
          .forEach(
              type -> readers.add(new Reader(type, open(type), new Divergence(tokens, exact))));
      long done = 0;
      for (int from = 0; from < tokens.length - 1; from += rows) {
        int[] block = Arrays.copyOfRange(tokens, from, Math.min(from + rows, tokens.length - 1));
        reference.feed(block, rows, exact.from(from, own), _ -> {});
        progress.accept(done += block.length);
        for (Reader reader : readers) {
          reader.session().feed(block, rows, reader.divergence(), _ -> {});
          progress.accept(done += block.length);
        }
      }
      List<CacheQualityRow> all = new ArrayList<>();
      all.add(own.row(CacheType.F32, reference.cacheBytes()));
      readers.forEach(r -> all.add(r.divergence().row(r.type(), r.session().cacheBytes())));
      return all;
    } finally {
      readers.forEach(reader -> reader.session().close());
    }
  }

  private Session open(CacheType type) {
    return Session.open(decoder, new SessionOptions(method, tokens.length, type));
  }

  private record Reader(CacheType type, Session session, Divergence divergence) {}

  /// The exact distributions of one block of positions.
  static final class Distributions {
    private final int vocab;
    private final float[] logits;
    private final float[] probabilities;
    private final double[] normalisers;
    private int first;

    Distributions(int rows, int vocab) {
      this.vocab = vocab;
      this.logits = new float[rows * vocab];
      this.probabilities = new float[rows * vocab];
      this.normalisers = new double[rows];
    }

    int vocab() {
      return vocab;
    }

    /// A sink for the block that begins at a position; `also` gets the same logits afterwards.
    LogitsSink from(int position, Divergence also) {
      first = position;
      return new LogitsSink() {
        @Override
        public boolean wants(int at) {
          return true;
        }

        @Override
        public void accept(int position, float[] row, int at) {
          keep(position, row, at);
          also.accept(position, row, at);
        }
      };
    }

    private void keep(int position, float[] row, int at) {
      int start = (position - first) * vocab;
      System.arraycopy(row, at, logits, start, vocab);
      double normaliser = EXACT.logSumExp(row, at, vocab);
      normalisers[position - first] = normaliser;
      for (int i = 0; i < vocab; i++) {
        probabilities[start + i] = (float) Math.exp(row[at + i] - normaliser);
      }
    }

    /// Kullback-Leibler divergence in nats of another distribution from the exact one: `sum(p (ln p
    /// - ln q))`, where `ln p = logit - normaliser`.
    double divergence(int position, float[] row, int at, double normaliser) {
      int start = (position - first) * vocab;
      double sum = 0;
      double mass = 0;
      for (int i = 0; i < vocab; i++) {
        double p = probabilities[start + i];
        sum += p * ((double) logits[start + i] - row[at + i]);
        mass += p;
      }
      // The probabilities were rounded to floats: what they lack of 1 must not count.
      return sum / mass - normalisers[position - first] + normaliser;
    }

    double loss(int position, int token) {
      int row = position - first;
      return normalisers[row] - logits[row * vocab + token];
    }

    int top(int position) {
      return top(logits, (position - first) * vocab, vocab);
    }

    static int top(float[] row, int at, int vocab) {
      int best = 0;
      for (int i = 1; i < vocab; i++) {
        best = row[at + i] > row[at + best] ? i : best;
      }
      return best;
    }
  }
}
