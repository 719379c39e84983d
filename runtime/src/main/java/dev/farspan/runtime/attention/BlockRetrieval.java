package dev.farspan.runtime.attention;

import dev.farspan.context.attention.AttentionPattern.InfLlm;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Page;
import dev.farspan.kernels.Workers;
import dev.farspan.runtime.kvcache.LayerCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// InfLLM's memory of one layer (arXiv 2402.04617): which old blocks a query retrieves.
///
/// A pure function of the tokens, whatever the feeding: blocks of `block` keys start after the
/// sinks; a key's representative score is the sum of `q . k` with the next `local` queries (paper
/// section 3.2), both before RoPE; every key head has `representatives` keys of its own, its best
/// by that score, as in thunlp/InfLLM (there every query head has); a block's relevance to a query
/// is the sum of `q . k` with them, over all heads, so all heads of a layer retrieve the same
/// blocks, as there; each query takes the `topk` most relevant of the blocks that have left its
/// local window, earlier blocks first where they tie.
public final class BlockRetrieval {
  /// For layers that retrieve nothing.
  public static final BlockRetrieval NONE =
      new BlockRetrieval(
          new InfLlm(0, 1, 1, 0, 1),
          new AttentionConfig(1, 1, 2, 1, 0, AttentionConfig.QkNorm.NONE, false));

  private static final int HELD_STEP = 256;

  private final InfLlm rule;
  private final AttentionConfig heads;
  private final List<float[]> summaries = new ArrayList<>(); // (kvHeads * headDim) each
  private float[] recent = {}; // ring of query sums (capacity, kvHeads * headDim)
  private int held; // queries that going back to this position needs stay in the ring
  private int oldest; // first position whose query sum is in the ring
  private BitSet[] chosen = {}; // blocks of each query of the current feed

  /// Makes an empty memory.
  ///
  /// @param rule sizes of the method
  /// @param heads the model's heads
  public BlockRetrieval(InfLlm rule, AttentionConfig heads) {
    this.rule = rule;
    this.heads = heads;
  }

  /// Takes in a block of queries and chooses what each retrieves.
  ///
  /// @param queries the block's queries (rows, heads * headDim), before RoPE
  /// @param cache the layer's cache, which holds their keys
  /// @param first position of the first query
  /// @param rows how many
  /// @param workers who shares the work
  public void choose(float[] queries, LayerCache cache, int first, int rows, Workers workers) {
    remember(queries, first, rows);
    summarise(cache, first + rows - 1);
    chosen = new BitSet[rows];
    workers.run(rows, (row, _) -> chosen[row] = best(first + row));
  }

  /// Returns whether the memory can go back to what it was when `kept` positions had been seen.
  ///
  /// @param kept how many positions are to be kept
  /// @return whether the queries are still there that the next block to be summarised is judged by
  public boolean canRewind(int kept) {
    int firstNeeded = blockStart(complete(kept - 1)) + 1;
    return firstNeeded >= Math.min(oldest, kept);
  }

  /// Keeps the queries that going back to a position needs.
  ///
  /// @param position one that [#canRewind] allows; 0 holds nothing
  public void hold(int position) {
    held = position;
  }

  /// Forgets all positions from `kept` on.
  ///
  /// @param kept how many positions stay, one that [#canRewind] allows
  public void rewind(int kept) {
    int summarised = complete(kept - 1);
    if (summarised < summaries.size()) {
      summaries.subList(summarised, summaries.size()).clear();
    }
    oldest = Math.min(oldest, kept);
  }

  /// Returns whether a query of the current block retrieves the block of a key.
  ///
  /// @param row row of the query
  /// @param j position of an old key
  /// @return whether it is seen
  public boolean sees(int row, int j) {
    int block = blockOf(j);
    return block >= 0 && retrieves(row, block);
  }

  boolean retrieves(int row, int block) {
    return chosen[row].get(block);
  }

  /// Returns the block of a key, negative for a sink.
  int blockOf(int j) {
    return Math.floorDiv(j - rule.sinks(), rule.block());
  }

  int blockStart(int block) {
    return rule.sinks() + block * rule.block();
  }

  /// Returns the blocks that have wholly left the local window of a query.
  private int complete(int i) {
    return Math.max(0, (i - rule.local() + 1 - rule.sinks()) / rule.block());
  }

  private void remember(float[] queries, int first, int rows) {
    int width = heads.kvSize();
    // Until it wraps around for the first time, the ring is no longer than the sequence (doubled).
    long full = (long) rule.local() + rule.block() + rows + beyondHeld(first);
    long needed = Math.min(full, (long) first + rows);
    if (recent.length < needed * width) {
      grow(Math.toIntExact(Math.min(full, 2 * needed)), first);
    }
    oldest = Math.max(oldest, first + rows - recent.length / width);
    for (int row = 0; row < rows; row++) {
      int at = slot(first + row) * width;
      for (int x = 0; x < width; x++) {
        int query =
            row * heads.querySize() + x / heads.headDim() * heads.groupSize() * heads.headDim();
        float sum = 0;
        for (int g = 0; g < heads.groupSize(); g++) {
          sum += queries[query + g * heads.headDim() + x % heads.headDim()];
        }
        recent[at + x] = sum;
      }
    }
  }

  /// Returns how far the sequence went beyond the held position, in steps so that the ring seldom
  /// grows.
  private int beyondHeld(int first) {
    return held == 0 ? 0 : Math.ceilDiv(Math.max(0, first - held), HELD_STEP) * HELD_STEP;
  }

  private void grow(int capacity, int next) {
    int width = heads.kvSize();
    float[] old = recent;
    int oldCapacity = old.length / width;
    recent = new float[Math.multiplyExact(capacity, width)];
    for (int i = Math.max(0, next - oldCapacity); i < next; i++) {
      System.arraycopy(old, i % oldCapacity * width, recent, slot(i) * width, width);
    }
  }

  private int slot(int i) {
    return i % (recent.length / heads.kvSize());
  }

  private void summarise(LayerCache cache, int last) {
    while (summaries.size() < complete(last)) {
      int start = blockStart(summaries.size());
      float[][] keys = new float[rule.block()][];
      double[][] scores = new double[heads.kvHeads()][rule.block()];
      double[] ahead = new double[heads.kvSize()]; // sum of the queries j + 1 .. j + local
      for (int m = 1; m <= rule.local(); m++) {
        add(ahead, start + m, 1);
      }
      for (int k = 0; k < keys.length; k++) {
        if (k > 0) {
          add(ahead, start + k, -1);
          add(ahead, start + k + rule.local(), 1);
        }
        keys[k] = key(cache, start + k, start + rule.block() + rule.local() - 1);
        for (int head = 0; head < scores.length; head++) {
          scores[head][k] = dot(ahead, keys[k], head);
        }
      }
      summaries.add(sumOfBest(keys, scores));
    }
  }

  private void add(double[] sum, int i, int sign) {
    int at = slot(i) * sum.length;
    for (int x = 0; x < sum.length; x++) {
      sum[x] += sign * (double) recent[at + x];
    }
  }

  /// The product of two vectors' parts of one key head.
  private double dot(double[] a, float[] b, int head) {
    double sum = 0;
    int start = head * heads.headDim();
    for (int x = start; x < start + heads.headDim(); x++) {
      sum += a[x] * b[x];
    }
    return sum;
  }

  /// Returns a key as the first query that may retrieve its block reads it, whatever the feeding.
  private float[] key(LayerCache cache, int j, int firstReader) {
    float[] key = new float[heads.kvSize()];
    Page page = cache.pageSeenFrom(firstReader, j);
    for (int x = 0; x < key.length; x++) {
      key[x] = page.key(x / heads.headDim(), j % Kernels.TILE, x % heads.headDim());
    }
    return key;
  }

  /// Returns for each key head the sum of its representatives.
  private float[] sumOfBest(float[][] keys, double[][] scores) {
    float[] sum = new float[heads.kvSize()];
    for (int head = 0; head < scores.length; head++) {
      int start = head * heads.headDim();
      best(scores[head], rule.representatives()).stream()
          .forEach(
              k -> {
                for (int x = start; x < start + heads.headDim(); x++) {
                  sum[x] += keys[k][x];
                }
              });
    }
    return sum;
  }

  private BitSet best(int i) {
    double[] scores = new double[complete(i)];
    int at = slot(i) * heads.kvSize();
    for (int b = 0; b < scores.length; b++) {
      float[] summary = summaries.get(b);
      double score = 0;
      for (int x = 0; x < summary.length; x++) {
        score += (double) recent[at + x] * summary[x];
      }
      scores[b] = score;
    }
    return best(scores, rule.topk());
  }

  /// Returns the indices of the `count` largest scores, lower indices first where they tie.
  private static BitSet best(double[] scores, int count) {
    BitSet best = new BitSet(scores.length);
    if (scores.length <= count) {
      best.set(0, scores.length);
      return best;
    }
    if (count == 0) {
      return best;
    }
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    double threshold = sorted[sorted.length - count];
    for (int k = 0; k < scores.length; k++) {
      if (scores[k] > threshold) {
        best.set(k);
      }
    }
    for (int k = 0; k < scores.length && best.cardinality() < count; k++) {
      if (scores[k] == threshold) {
        best.set(k);
      }
    }
    return best;
  }
}
