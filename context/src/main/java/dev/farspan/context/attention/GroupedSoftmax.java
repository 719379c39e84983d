package dev.farspan.context.attention;

import java.util.Arrays;

/// The grouped softmax of landmark attention (Mohtashami and Jaggi, arXiv 2305.16300, section 3.1),
/// written down once and plainly; every fast path is tested against it.
///
/// A sequence is cut into blocks of `block` tokens and the landmark after them, so key `j` lies in
/// block `j / (block + 1)`. For a query, the keys of its own block and the landmarks of all others
/// share one softmax, and the tokens of every other block one of their own:
///
/// ```
/// own block:              weight = p(j)
/// token of another block: weight = p(j) p(its landmark)
/// another landmark:       weight = 0
/// ```
///
/// where `p` is the softmax of a key's group. So a block is entered through its landmark only.
public final class GroupedSoftmax {
  private GroupedSoftmax() {}

  /// Returns the weights of a query's keys.
  ///
  /// @param scores of the keys `0 .. i`, the query's own last; negative infinity for a hidden one.
  ///   Of a block but the query's own, either the landmark and a token are visible, or nothing is
  /// @param block tokens of a block, its landmark not counted
  /// @return weights of the same keys; their sum is 1
  public static double[] weights(double[] scores, int block) {
    int width = block + 1;
    int own = (scores.length - 1) / width * width;
    double[] first = scores.clone(); // own block and landmarks
    for (int j = 0; j < own; j++) {
      if (j % width != block) {
        first[j] = Double.NEGATIVE_INFINITY;
      }
    }
    double[] weights = softmax(first);
    for (int start = 0; start < own; start += width) {
      double landmark = weights[start + block];
      weights[start + block] = 0;
      if (landmark > 0) {
        double[] inside = softmax(Arrays.copyOfRange(scores, start, start + block));
        for (int t = 0; t < block; t++) {
          weights[start + t] = landmark * inside[t];
        }
      }
    }
    return weights;
  }

  private static double[] softmax(double[] scores) {
    double top = Arrays.stream(scores).max().orElseThrow();
    double[] p = Arrays.stream(scores).map(score -> Math.exp(score - top)).toArray();
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(power -> power / sum).toArray();
  }
}
