package dev.farspan.runtime.attention;

import dev.farspan.context.attention.AttentionPattern.Landmark;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.Kernels;
import dev.farspan.runtime.attention.LandmarkAttention.Turns;
import dev.farspan.runtime.attention.PageRows.Rows;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One query of one head after the other, for some queries of one kv head. One object for each
/// worker; the grouped softmax is [dev.farspan.context.attention.GroupedSoftmax]'s.
final class LandmarkLoop {
  private final Kernels kernels;
  private final PageRows pages;
  private @Nullable AttentionCall call;
  private Landmark rule = new Landmark(1, 0, 0, Landmark.UNLIMITED);
  private Turns turns = new Turns(new RopeTable(new float[0], 1), 0);
  private int kvHead;

  private float[] query = {}; // (headDim)
  private float[] turned = {}; // (span, headDim)
  private boolean[] isTurned = {}; // (span)
  private int[] blocks = {}; // the retrieved ones, ascending, then the local ones
  private float[] best = {}; // (topk) scores of the retrieved
  private float[] marks = {}; // (blocks) scores, then weights, of their landmarks
  private float[] near = {}; // (width) scores, then weights, of the query's own block
  private float[] inside = {}; // (block) the same of the tokens of another one
  private float[] sum = {}; // (headDim)

  LandmarkLoop(Kernels kernels) {
    this.kernels = kernels;
    this.pages = new PageRows(kernels);
  }

  void start(AttentionCall call, Turns turns, int kvHead) {
    this.call = call;
    this.turns = turns;
    this.kvHead = kvHead;
    AttentionConfig heads = call.heads();
    if (!(call.plan().pattern() instanceof Landmark landmark)) {
      throw new IllegalStateException("landmarks are read under the pattern landmark only");
    }
    rule = landmark;
    pages.start(heads.headDim(), kvHead);
    if (isTurned.length < rule.span() || turned.length < rule.span() * heads.headDim()) {
      turned = new float[rule.span() * heads.headDim()];
      isTurned = new boolean[rule.span()];
    }
    query = sized(query, heads.headDim());
    sum = sum.length == heads.headDim() ? sum : new float[heads.headDim()];
    near = sized(near, rule.width());
    inside = sized(inside, rule.block());
    best = sized(best, rule.topk());
    marks = sized(marks, rule.topk() + rule.local());
    blocks = blocks.length < marks.length ? new int[marks.length] : blocks;
  }

  private static float[] sized(float[] buffer, int size) {
    return buffer.length < size ? new float[size] : buffer;
  }

  /// Sets `out[at..]` to the output of the query `queries[at..]` at position `i`.
  void run(int i, float[] queries, int at, float[] out) {
    AttentionCall c = Objects.requireNonNull(call);
    System.arraycopy(queries, at, query, 0, c.heads().headDim());
    Arrays.fill(isTurned, false);
    Arrays.fill(sum, 0);
    int own = i / rule.width() * rule.width();
    int count = choose(c, i);
    weigh(c, i, own, count);
    for (int j = own; j <= i; j++) {
      add(near[j - own], pages.of(c.cache(), i, j), j);
    }
    for (int b = 0; b < count; b++) {
      enter(c, i, blocks[b] * rule.width(), marks[b]);
    }
    System.arraycopy(sum, 0, out, at, c.heads().headDim());
  }

  /// Lists the blocks that are seen besides the query's own: the `topk` old ones whose landmarks
  /// score highest, earlier ones first where they tie, and the local ones. Returns how many.
  private int choose(AttentionCall c, int i) {
    int old = rule.old(i);
    int kept = 0;
    for (int m = 0; m < old; m++) {
      float score = mark(c, i, m);
      if (kept == rule.topk() && (kept == 0 || !(score > best[kept - 1]))) {
        continue;
      }
      int to = kept < rule.topk() ? kept++ : kept - 1;
      for (; to > 0 && score > best[to - 1]; to--) {
        best[to] = best[to - 1];
        blocks[to] = blocks[to - 1];
      }
      best[to] = score;
      blocks[to] = m;
    }
    Arrays.sort(blocks, 0, kept);
    for (int m = old; m < i / rule.width(); m++) {
      blocks[kept++] = m;
    }
    return kept;
  }

  /// Score of the landmark of an old block.
  private float mark(AttentionCall c, int i, int block) {
    AttentionConfig heads = c.heads();
    int at = (block * heads.kvHeads() + kvHead) * heads.headDim();
    int distance = rule.distance(i, block * rule.width() + rule.block());
    return score(c, distance, c.landmarks().keys(), at);
  }

  /// The softmax of the query's own block and the landmarks of the others.
  private void weigh(AttentionCall c, int i, int own, int count) {
    float top = Float.NEGATIVE_INFINITY;
    int keys = i - own + 1;
    for (int k = 0; k < keys; k++) {
      near[k] = keyScore(c, i, own + k);
      top = Math.max(top, near[k]);
    }
    for (int b = 0; b < count; b++) {
      boolean old = blocks[b] < rule.old(i);
      marks[b] =
          old ? mark(c, i, blocks[b]) : keyScore(c, i, blocks[b] * rule.width() + rule.block());
      top = Math.max(top, marks[b]);
    }
    float total = powers(near, keys, top) + powers(marks, count, top);
    kernels.scale(near, 0, keys, 1 / total);
    kernels.scale(marks, 0, count, 1 / total);
  }

  /// Adds the values of another block's tokens, their softmax times its landmark's weight.
  private void enter(AttentionCall c, int i, int start, float landmark) {
    float top = Float.NEGATIVE_INFINITY;
    for (int t = 0; t < rule.block(); t++) {
      inside[t] = keyScore(c, i, start + t);
      top = Math.max(top, inside[t]);
    }
    float total = powers(inside, rule.block(), top);
    for (int t = 0; t < rule.block(); t++) {
      add(inside[t] / total * landmark, pages.of(c.cache(), i, start + t), start + t);
    }
  }

  private static float powers(float[] scores, int count, float top) {
    float total = 0;
    for (int k = 0; k < count; k++) {
      scores[k] = (float) Math.exp(scores[k] - top);
      total += scores[k];
    }
    return total;
  }

  private float keyScore(AttentionCall c, int i, int j) {
    Rows rows = pages.of(c.cache(), i, j);
    return score(c, rule.distance(i, j), rows.keys(), j % Kernels.TILE * c.heads().headDim());
  }

  private float score(AttentionCall c, int distance, float[] keys, int at) {
    int headDim = c.heads().headDim();
    int to = distance * headDim;
    if (!isTurned[distance]) {
      turns.turn(query, distance, c.heads(), turned, to);
      isTurned[distance] = true;
    }
    float score = dot(turned, to, keys, at, headDim);
    float cap = (float) c.heads().softCap();
    return cap == 0 ? score : cap * (float) Math.tanh(score / cap);
  }

  /// Four sums side by side; `headDim` is even.
  private static float dot(float[] a, int at, float[] b, int bt, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int d = 0;
    for (; d + 4 <= n; d += 4) {
      s0 += a[at + d] * b[bt + d];
      s1 += a[at + d + 1] * b[bt + d + 1];
      s2 += a[at + d + 2] * b[bt + d + 2];
      s3 += a[at + d + 3] * b[bt + d + 3];
    }
    for (; d < n; d++) {
      s0 += a[at + d] * b[bt + d];
    }
    return (s0 + s1) + (s2 + s3);
  }

  private void add(float weight, Rows rows, int j) {
    float[] values = rows.values();
    int at = j % Kernels.TILE * sum.length;
    for (int d = 0; d < sum.length; d++) {
      sum[d] += weight * values[at + d];
    }
  }
}
