package dev.farspan.bench;

import static dev.farspan.bench.Inputs.HEADS;
import static dev.farspan.bench.Inputs.HEAD_DIM;
import static dev.farspan.bench.Inputs.KV_HEADS;

import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Page;
import dev.farspan.kernels.Rotary;
import dev.farspan.kernels.Workers;
import dev.farspan.runtime.kvcache.LayerCache;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Attention as its formula is written, `softmax(Q K^T) V` (Vaswani et al., arXiv 1706.03762, eq.
/// 1), which computes every score of a head before it uses one: a matrix of tokens times tokens.
///
/// Its products are the engine's own matrix kernels and its softmax the engine's own, so that what
/// is compared with flash attention is the order of the work, not how well it is written.
final class NaiveAttention {
  private static final int GROUP = HEADS / KV_HEADS;

  private final Kernels kernels;
  private final Workers workers;
  private final int tokens;
  private final Rotation rotation;

  /// Cosines and sines (tokens, headDim / 2).
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Rotation(float[] cos, float[] sin) {}

  NaiveAttention(Kernels kernels, Workers workers, int tokens) {
    this.kernels = kernels;
    this.workers = workers;
    this.tokens = tokens;
    this.rotation = rotation(tokens, AttentionLayer.table());
  }

  private static Rotation rotation(int tokens, RopeTable table) {
    int pairs = table.pairs();
    float[] cos = new float[tokens * pairs];
    float[] sin = new float[tokens * pairs];
    for (int i = 0; i < cos.length; i++) {
      int position = i / pairs;
      double angle = position * (double) table.inverseFrequency(i % pairs);
      cos[i] = (float) Math.cos(angle);
      sin[i] = (float) Math.sin(angle);
    }
    return new Rotation(cos, sin);
  }

  /// Bytes of the scores of one head.
  static long scoreBytes(long tokens) {
    return tokens * tokens * Float.BYTES;
  }

  /// Sets `out` (tokens, heads * headDim) to the outputs of all queries (tokens, heads * headDim).
  void attend(LayerCache cache, float[] queries, float[] out) {
    float[] scores = new float[Math.multiplyExact(tokens, tokens)];
    float[] mixed = new float[tokens * HEAD_DIM];
    for (int kvHead = 0; kvHead < KV_HEADS; kvHead++) {
      Tensor keys = matrix(turned(keys(cache, kvHead), 1), tokens, HEAD_DIM);
      Tensor values = matrix(values(cache, kvHead), HEAD_DIM, tokens);
      for (int head = kvHead * GROUP; head < (kvHead + 1) * GROUP; head++) {
        float[] query = turned(columns(queries, head), (float) AttentionLayer.config().scale());
        kernels.matMul(keys, query, tokens, scores, workers);
        workers.run(tokens, (row, _) -> softmax(scores, row));
        kernels.matMul(values, scores, tokens, mixed, workers);
        put(mixed, head, out);
      }
    }
  }

  /// Row `row` sees the keys up to its own.
  private void softmax(float[] scores, int row) {
    int at = row * tokens;
    kernels.softmax(scores, at, row + 1);
    Arrays.fill(scores, at + row + 1, at + tokens, 0);
  }

  private float[] turned(float[] rows, float scale) {
    Rotary rotary = new Rotary(HEAD_DIM, HEAD_DIM / 2, 1, scale, scale);
    kernels.rotateRows(rows, tokens, rotary, rotation.cos(), rotation.sin(), rows);
    return rows;
  }

  private static Tensor matrix(float[] elements, int rows, int columns) {
    return new Tensor("m", DType.F32, Shape.of(rows, columns), MemorySegment.ofArray(elements));
  }

  /// Keys (tokens, headDim).
  private float[] keys(LayerCache cache, int kvHead) {
    float[] keys = new float[tokens * HEAD_DIM];
    for (int j = 0; j < tokens; j++) {
      Page page = cache.page(j / Kernels.TILE);
      for (int d = 0; d < HEAD_DIM; d++) {
        keys[j * HEAD_DIM + d] = page.key(kvHead, j % Kernels.TILE, d);
      }
    }
    return keys;
  }

  /// Values, transposed (headDim, tokens): the second product sums over tokens.
  private float[] values(LayerCache cache, int kvHead) {
    float[] values = new float[HEAD_DIM * tokens];
    for (int j = 0; j < tokens; j++) {
      Page page = cache.page(j / Kernels.TILE);
      for (int d = 0; d < HEAD_DIM; d++) {
        values[d * tokens + j] = page.value(kvHead, j % Kernels.TILE, d);
      }
    }
    return values;
  }

  private float[] columns(float[] queries, int head) {
    float[] rows = new float[tokens * HEAD_DIM];
    for (int i = 0; i < tokens; i++) {
      System.arraycopy(queries, (i * HEADS + head) * HEAD_DIM, rows, i * HEAD_DIM, HEAD_DIM);
    }
    return rows;
  }

  private void put(float[] rows, int head, float[] out) {
    for (int i = 0; i < tokens; i++) {
      System.arraycopy(rows, i * HEAD_DIM, out, (i * HEADS + head) * HEAD_DIM, HEAD_DIM);
    }
  }
}
