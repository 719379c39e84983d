package dev.farspan.runtime;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.checkpoint.ModelParts;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Workers;
import dev.farspan.runtime.attention.FlashAttention;
import dev.farspan.runtime.attention.ReferenceAttention;
import dev.farspan.runtime.decode.Decoder;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.decode.SessionOptions;
import dev.farspan.runtime.kvcache.CacheType;
import dev.farspan.runtime.weights.Weights;
import java.nio.file.Path;

/// A small model opened for tests, and the logits of whole runs.
final class Runs implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final Workers workers = new Workers(2);
  private final Decoder decoder;

  private Runs(Checkpoint checkpoint, boolean reference) {
    this.checkpoint = checkpoint;
    Weights weights =
        Weights.load(checkpoint.config(), Weights.Naming.HUGGING_FACE, checkpoint.tensors());
    Kernels kernels = Kernels.best();
    decoder =
        new Decoder(
            checkpoint.config(),
            weights,
            reference ? new ReferenceAttention() : new FlashAttention(kernels, workers),
            kernels,
            workers);
  }

  /// Opens a model on the fast path.
  static Runs fast(Path model) {
    return new Runs(Checkpoint.open(model), false);
  }

  /// Opens a model and an adapter on the fast path.
  static Runs fast(ModelParts parts) {
    return new Runs(Checkpoint.open(parts), false);
  }

  /// Opens a model whose attention is the plain reference.
  static Runs reference(Path model) {
    return new Runs(Checkpoint.open(model), true);
  }

  Decoder decoder() {
    return decoder;
  }

  Session session(String method, int length, CacheType cacheType) {
    Method resolved = Method.resolve(MethodSpec.parse(method), checkpoint.config(), length);
    return Session.open(decoder, new SessionOptions(resolved, length, cacheType));
  }

  /// Returns the logits of every position, (tokens, vocab), fed in blocks of `block`.
  float[] logits(String method, int[] ids, int block) {
    return logits(method, ids, block, CacheType.F32);
  }

  float[] logits(String method, int[] ids, int block, CacheType cacheType) {
    int vocab = checkpoint.config().vocabSize();
    float[] all = new float[ids.length * vocab];
    try (Session session = session(method, ids.length, cacheType)) {
      session.feed(ids, block, every(vocab, all), _ -> {});
    }
    return all;
  }

  static LogitsSink every(int vocab, float[] all) {
    return new LogitsSink() {
      @Override
      public boolean wants(int position) {
        return true;
      }

      @Override
      public void accept(int position, float[] logits, int at) {
        System.arraycopy(logits, at, all, position * vocab, vocab);
      }
    };
  }

  static double maxDifference(float[] a, float[] b) {
    double max = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = Math.abs(a[i] - b[i]);
      max = difference <= max ? max : difference; // a NaN difference stays
    }
    return max;
  }

  @Override
  public void close() {
    workers.close();
    checkpoint.close();
  }
}
