package dev.farspan.runtime.attention;

import dev.farspan.context.model.AttentionConfig;

/// What an online softmax has seen so far: largest score, sum and unnormalised output of each row.
final class PartialSoftmax {
  private final float[] max; // (rows)
  private final float[] sum; // (rows)
  private final float[] out; // (rows, headDim)

  PartialSoftmax(float[] max, float[] sum, float[] out) {
    this.max = max;
    this.sum = sum;
    this.out = out;
  }

  /// Takes in what another part of the same rows has seen.
  void merge(PartialSoftmax other) {
    int headDim = out.length / max.length;
    for (int r = 0; r < max.length; r++) {
      if (other.sum[r] == 0) {
        continue; // it saw no key; a part of NaN scores has no largest one either, but a NaN sum
      }
      float top = Math.max(max[r], other.max[r]);
      float mine = (float) Math.exp(max[r] - top);
      float theirs = (float) Math.exp(other.max[r] - top);
      max[r] = top;
      sum[r] = sum[r] * mine + other.sum[r] * theirs;
      for (int d = r * headDim; d < (r + 1) * headDim; d++) {
        out[d] = out[d] * mine + other.out[d] * theirs;
      }
    }
  }

  /// Writes the normalised outputs to their places in (rows, heads * headDim).
  void finish(AttentionCall call, TileLoop.Rows rows, float[] target) {
    AttentionConfig heads = call.heads();
    int headDim = heads.headDim();
    for (int r = 0; r < rows.count(heads); r++) {
      int head = rows.kvHead() * heads.groupSize() + r % heads.groupSize();
      float scale = 1 / total(call, r, head);
      int at = (rows.from() + r / heads.groupSize()) * heads.querySize() + head * headDim;
      for (int d = 0; d < headDim; d++) {
        target[at + d] = out[r * headDim + d] * scale;
      }
    }
  }

  /// Sum of the row's weights; a learned sink adds its own (gpt-oss: a logit with no value).
  private float total(AttentionCall call, int row, int head) {
    return call.sinks().present()
        ? sum[row] + (float) Math.exp(call.sinks().weight()[head] - max[row])
        : sum[row];
  }
}
