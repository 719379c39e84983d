package dev.farspan.training.model;

import static org.bytedeco.pytorch.global.torch.cat;

import dev.farspan.context.rope.RopeTable;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Rotary embedding (Su et al., arXiv 2104.09864, section 3.2) at explicit positions, under any
/// frequency table.
///
/// @param cosine (rows, 1, tokens, pairs), the attention factor included
/// @param sine (rows, 1, tokens, pairs), the attention factor included
public record Rotation(Tensor cosine, Tensor sine) {

  /// Returns the rotation of a batch.
  ///
  /// @param table inverse frequencies and attention factor in force
  /// @param positions one row of positions for each row of the batch, or one row for all
  /// @param type type of the heads it will rotate
  /// @return cosines and sines
  public static Rotation of(RopeTable table, int[][] positions, ScalarType type) {
    int tokens = positions[0].length;
    int pairs = table.pairs();
    double[] cosine = new double[positions.length * tokens * pairs];
    double[] sine = new double[cosine.length];
    float[] frequencies = table.inverseFrequencies();
    int at = 0;
    for (int[] row : positions) {
      for (int position : row) {
        for (int p = 0; p < pairs; p++) {
          double angle = (double) position * frequencies[p];
          cosine[at] = Math.cos(angle) * table.attentionFactor();
          sine[at++] = Math.sin(angle) * table.attentionFactor();
        }
      }
    }
    long[] shape = {positions.length, 1, tokens, pairs};
    return new Rotation(Torch.doubles(cosine, shape).to(type), Torch.doubles(sine, shape).to(type));
  }

  /// Returns heads, rotated: element `p` turns with element `p + pairs`, what lies beyond both
  /// stays.
  ///
  /// @param heads (rows, heads, tokens, headDim)
  /// @return the same shape
  public Tensor apply(Tensor heads) {
    long pairs = cosine.size(3);
    long rest = heads.size(3) - 2 * pairs;
    Tensor first = heads.narrow(3, 0, pairs);
    Tensor second = heads.narrow(3, pairs, pairs);
    TensorVector parts =
        new TensorVector(
            first.mul(cosine).sub(second.mul(sine)), first.mul(sine).add(second.mul(cosine)));
    if (rest > 0) {
      parts.push_back(heads.narrow(3, 2 * pairs, rest));
    }
    return cat(parts, 3);
  }
}
