package dev.farspan.runtime.attention;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.kernels.Kernels;
import java.util.Arrays;

/// What an online softmax has seen so far: largest score (in units of ln 2), sum and unnormalised
/// output of each row. Grown to the most rows and kept.
final class PartialSoftmax {
  float[] max = {}; // (rows)
  float[] sum = {}; // (rows)
  float[] out = {}; // (rows, headDim)

  /// Forgets everything and makes room.
  void clear(int rows, int headDim) {
    if (max.length < rows || out.length < rows * headDim) {
      max = new float[rows];
      sum = new float[rows];
      out = new float[rows * headDim];
    }
    Arrays.fill(max, 0, rows, Float.NEGATIVE_INFINITY);
    Arrays.fill(sum, 0, rows, 0);
    Arrays.fill(out, 0, rows * headDim, 0);
  }

  /// Takes in what another part of the same rows has seen.
  void merge(PartialSoftmax other, int rows, int headDim) {
    for (int r = 0; r < rows; r++) {
      if (other.sum[r] == 0) {
        continue; // it saw no key; a part of NaN scores has no largest one either, but a NaN sum
      }
      float top = Math.max(max[r], other.max[r]);
      float mine = power(max[r] - top);
      float theirs = power(other.max[r] - top);
      max[r] = top;
      sum[r] = sum[r] * mine + other.sum[r] * theirs;
      for (int d = r * headDim; d < (r + 1) * headDim; d++) {
        out[d] = out[d] * mine + other.out[d] * theirs;
      }
    }
  }

  private static float power(float exponent) {
    return (float) Math.exp(exponent * Kernels.LN_2);
  }

  /// Writes the normalised outputs of the queries `from .. to - 1` of a kv head to their places in
  /// (rows, heads * headDim).
  void finish(AttentionCall call, int kvHead, int from, int to, float[] target) {
    AttentionConfig heads = call.heads();
    int headDim = heads.headDim();
    int group = heads.groupSize();
    for (int r = 0; r < (to - from) * group; r++) {
      int head = kvHead * group + r % group;
      float scale = 1 / total(call, r, head);
      int at = (from + r / group) * heads.querySize() + head * headDim;
      for (int d = 0; d < headDim; d++) {
        target[at + d] = out[r * headDim + d] * scale;
      }
    }
  }

  /// Sum of the row's weights; a learned sink adds its own (gpt-oss: a logit with no value).
  private float total(AttentionCall call, int row, int head) {
    return call.sinks().present()
        ? sum[row] + power((float) (call.sinks().weight()[head] / Kernels.LN_2) - max[row])
        : sum[row];
  }
}
