package dev.farspan.runtime.attention;

import dev.farspan.context.attention.AttentionPattern.Landmark;
import dev.farspan.context.attention.Branch;
import dev.farspan.context.attention.GroupedSoftmax;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Page;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The definition of correct: every visible key by itself, in double precision.
///
/// `score(i, j) = scale * <a^2 R(distance(i, j)) q_i, k_j>`, one softmax over all branches (and the
/// learned sink, if there is one), the attention factor `a` on the rotated part only.
public final class ReferenceAttention implements Attention {
  /// Makes the reference.
  public ReferenceAttention() {}

  @Override
  public void attend(AttentionCall call, float[] queries, boolean decode, float[] out) {
    for (int row = 0; row < call.plan().rows(); row++) {
      for (int head = 0; head < call.heads().heads(); head++) {
        attend(call, queries, new Query(row, head), out);
      }
    }
  }

  /// One query of one head.
  private record Query(int row, int head) {}

  private static void attend(AttentionCall call, float[] queries, Query query, float[] out) {
    AttentionConfig heads = call.heads();
    int headDim = heads.headDim();
    int head = query.head();
    int i = call.plan().first() + query.row();
    double[] scores = new double[i + 1];
    if (call.plan().pattern() instanceof Landmark rule) {
      byLandmarks(call, queries, query, rule, out);
      return;
    }
    double max = call.sinks().present() ? call.sinks().weight()[head] : Double.NEGATIVE_INFINITY;
    for (int j = 0; j <= i; j++) {
      scores[j] = score(call, queries, query, j);
      max = Math.max(max, scores[j]);
    }
    double[] mixed = new double[headDim];
    double sum = call.sinks().present() ? Math.exp(call.sinks().weight()[head] - max) : 0;
    for (int j = 0; j <= i; j++) {
      if (scores[j] > Double.NEGATIVE_INFINITY) {
        double weight = Math.exp(scores[j] - max);
        Page page = call.cache().pageSeenFrom(i, j);
        sum += weight;
        for (int d = 0; d < headDim; d++) {
          mixed[d] += weight * page.value(head / heads.groupSize(), j % Kernels.TILE, d);
        }
      }
    }
    for (int d = 0; d < headDim; d++) {
      out[query.row() * heads.querySize() + head * headDim + d] = (float) (mixed[d] / sum);
    }
  }

  /// Scores of all keys, the old blocks that are not retrieved hidden, and the grouped softmax.
  private static void byLandmarks(
      AttentionCall call, float[] queries, Query query, Landmark rule, float[] out) {
    AttentionConfig heads = call.heads();
    int i = call.plan().first() + query.row();
    double[] scores = new double[i + 1];
    for (int j = 0; j <= i; j++) {
      scores[j] = score(call, queries, query, j);
    }
    IntStream.range(0, rule.old(i))
        .boxed()
        .sorted(Comparator.comparingDouble(m -> -scores[m * rule.width() + rule.block()]))
        .skip(rule.topk())
        .forEach(
            m ->
                Arrays.fill(
                    scores, m * rule.width(), (m + 1) * rule.width(), Double.NEGATIVE_INFINITY));
    double[] weights = GroupedSoftmax.weights(scores, rule.block());
    for (int d = 0; d < heads.headDim(); d++) {
      double mixed = 0;
      for (int j = 0; j <= i; j++) {
        Page page = call.cache().pageSeenFrom(i, j);
        mixed += weights[j] * page.value(query.head() / heads.groupSize(), j % Kernels.TILE, d);
      }
      out[query.row() * heads.querySize() + query.head() * heads.headDim() + d] = (float) mixed;
    }
  }

  /// Returns the score of a query against key `j`, negative infinity where it is hidden.
  private static double score(AttentionCall call, float[] queries, Query query, int j) {
    int i = call.plan().first() + query.row();
    for (Branch branch : call.plan().pattern().branches()) {
      if (branch.sees(i, j) && (!branch.chosen() || retrieves(call, query.row(), j))) {
        AttentionConfig heads = call.heads();
        float[] key = key(call, query.head() / heads.groupSize(), i, j);
        int at = query.row() * heads.querySize() + query.head() * heads.headDim();
        double score =
            heads.scale() * dot(call.plan().table(), branch.distance(i, j), queries, at, key);
        double cap = heads.softCap();
        return cap == 0 ? score : cap * Math.tanh(score / cap);
      }
    }
    return Double.NEGATIVE_INFINITY;
  }

  /// Landmarks choose by these very scores, so none is left out yet.
  private static boolean retrieves(AttentionCall call, int row, int j) {
    return call.plan().pattern() instanceof Landmark || call.retrieval().sees(row, j);
  }

  private static double dot(RopeTable table, double distance, float[] q, int at, float[] key) {
    int pairs = table.pairs();
    double rotated = 0;
    for (int p = 0; p < pairs; p++) {
      double cos = Math.cos(distance * table.inverseFrequency(p));
      double sin = Math.sin(distance * table.inverseFrequency(p));
      double q0 = q[at + p];
      double q1 = q[at + p + pairs];
      rotated += (q0 * cos - q1 * sin) * key[p] + (q1 * cos + q0 * sin) * key[p + pairs];
    }
    double passed = 0;
    for (int d = 2 * pairs; d < key.length; d++) {
      passed += (double) q[at + d] * key[d];
    }
    return rotated * table.attentionFactor() * table.attentionFactor() + passed;
  }

  private static float[] key(AttentionCall call, int kvHead, int i, int j) {
    float[] key = new float[call.heads().headDim()];
    Page page = call.cache().pageSeenFrom(i, j);
    for (int d = 0; d < key.length; d++) {
      key[d] = page.key(kvHead, j % Kernels.TILE, d);
    }
    return key;
  }
}
