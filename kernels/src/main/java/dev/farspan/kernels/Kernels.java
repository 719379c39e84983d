package dev.farspan.kernels;

import dev.farspan.tensor.Tensor;

/// The few hot loops of the runtime. Matrices are row-major; a shape `(rows, k)` says which index
/// runs fastest (the last). No method allocates beyond the scratch of [Workers]; sizes that do not
/// fit end in an [IllegalArgumentException] or an [IndexOutOfBoundsException].
///
/// A rotation of pair `p` by an angle takes `(a, b)`, elements `p` and `p + rotaryDim/2`, to `(a
/// cos - b sin, b cos + a sin)`: the half-split pairing of the published checkpoints.
public interface Kernels {
  /// Key positions of one attention tile, which is also the positions of one page of the KV cache.
  int TILE = 64;

  /// Scores of [#softmaxTile] are natural ones divided by this.
  double LN_2 = Math.log(2);

  /// Returns the fastest kernels this machine runs well. The system property `farspan.kernels`
  /// (`scalar` or `panama`) forces a choice.
  ///
  /// @return the kernels of this machine
  /// @throws IllegalArgumentException if the property names something else
  static Kernels best() {
    return KernelChoice.named(System.getProperty(KernelChoice.PROPERTY, "best"));
  }

  /// Returns the definition of correct, which every other implementation is tested against: plain
  /// loops, slow on any machine.
  ///
  /// @return the reference
  static Kernels reference() {
    return new ScalarKernels("scalar: plain loops, the reference");
  }

  /// Returns which kernels these are and why, in one line.
  ///
  /// @return for example `panama: 256-bit lanes, 5 x 16 tile`
  String describe();

  /// Sets `y[r][n] = sum over k of x[r][k] * w[n][k]`. A row's result does not depend, bit for bit,
  /// on the other rows in the call, their number, or the number of threads.
  ///
  /// @param w weights (n, k) of any float or quantised type
  /// @param x inputs (rows, k) from index 0
  /// @param rows how many, at least 0
  /// @param y outputs (rows, n) from index 0
  /// @param workers who shares the work
  void matMul(Tensor w, float[] x, int rows, float[] y, Workers workers);

  /// Sets `y[n] = sum over k of x[k] * w[n][k]`: the path of decode, bound by memory. Its rounding
  /// differs from that of [#matMul].
  ///
  /// @param w weights (n, k) of any float or quantised type
  /// @param x input (k) from index 0
  /// @param y output (n) from index 0
  /// @param workers who shares the work
  void matVec(Tensor w, float[] x, float[] y, Workers workers);

  /// Sets `y[i][n] = sum over k of x[k] * w[i][n][k]` for the first `products` weights: [#matVec]
  /// of each, bit for bit, for the cost of starting one.
  ///
  /// @param products how many
  /// @param w weights (n, k) each; `n` and type may differ
  /// @param x the input of all (k) from index 0
  /// @param y outputs (n) of each from index 0
  /// @param workers who shares the work
  void matVecs(int products, Tensor[] w, float[] x, float[][] y, Workers workers);

  /// Sets `out = x / sqrt(mean(x^2) + epsilon) * weight` (Zhang and Sennrich, arXiv 1910.07467, eq.
  /// 4). `out` may be `x` at the same index.
  ///
  /// @param x input
  /// @param at index of its first element
  /// @param n how many elements
  /// @param weight gains (n)
  /// @param epsilon keeps the root away from 0
  /// @param out output
  /// @param outAt index of its first element
  void rmsNorm(float[] x, int at, int n, float[] weight, float epsilon, float[] out, int outAt);

  /// Sets `out = (x - mean(x)) / sqrt(variance(x) + epsilon) * weight + bias` (Ba et al., arXiv
  /// 1607.06450, section 3.1; the variance divides by n). `out` may be `x` at the same index.
  ///
  /// @param x input
  /// @param at index of its first element
  /// @param n how many elements
  /// @param weight gains (n)
  /// @param bias offsets (n)
  /// @param epsilon keeps the root away from 0
  /// @param out output
  /// @param outAt index of its first element
  void layerNorm(
      float[] x,
      int at,
      int n,
      float[] weight,
      float[] bias,
      float epsilon,
      float[] out,
      int outAt);

  /// Sets `gate = activation(gate) * up` (Shazeer, arXiv 2002.05202, eq. 5 and 6).
  ///
  /// @param activation which nonlinearity
  /// @param gate input and output
  /// @param up factors, at the same indices
  /// @param at index of the first element
  /// @param n how many elements
  void gate(Activation activation, float[] gate, float[] up, int at, int n);

  /// Sets `x = activation(x)`.
  ///
  /// @param activation which nonlinearity
  /// @param x input and output
  /// @param at index of the first element
  /// @param n how many elements
  void activate(Activation activation, float[] x, int at, int n);

  /// Sets `x += factor * y`.
  ///
  /// @param x input and output
  /// @param at index of its first element
  /// @param y what is added
  /// @param yAt index of its first element
  /// @param n how many elements
  /// @param factor what `y` is multiplied by
  void add(float[] x, int at, float[] y, int yAt, int n, float factor);

  /// Sets `x *= factor`.
  ///
  /// @param x input and output
  /// @param at index of the first element
  /// @param n how many elements
  /// @param factor what `x` is multiplied by
  void scale(float[] x, int at, int n, float factor);

  /// Sets `x = exp(x - max(x)) / sum(exp(x - max(x)))`.
  ///
  /// @param x input and output
  /// @param at index of the first element
  /// @param n how many elements
  void softmax(float[] x, int at, int n);

  /// Returns `ln(sum(exp(x)))`, computed around the largest value so that no power overflows.
  ///
  /// @param x input
  /// @param at index of the first element
  /// @param n how many elements
  /// @return the logarithm; negative infinity if there is no element above it, NaN if one is NaN
  double logSumExp(float[] x, int at, int n);

  /// Sets `x = cap * tanh(x / cap)` (Gemma 2, arXiv 2408.00118, section 2).
  ///
  /// @param x input and output
  /// @param at index of the first element
  /// @param n how many elements
  /// @param cap the bound, above 0
  void softCap(float[] x, int at, int n, float cap);

  /// Stores one position of all heads; F16 and BF16 rounded to nearest even.
  ///
  /// @param page where to; not quantised
  /// @param slot which position of the page
  /// @param keys its keys (kvHeads, headDim), before RoPE
  /// @param values its values (kvHeads, headDim)
  /// @param at index of the first element in both
  void store(Page page, int slot, float[] keys, float[] values, int at);

  /// Fills a page of any type from one of type F32, every scale from the elements it serves.
  ///
  /// @param exact the page as it was stored
  /// @param to a page of the same heads
  void quantise(Page exact, Page to);

  /// Sets `out[d * TILE + t]` to element `d` of key `t`, before RoPE.
  ///
  /// @param page where from
  /// @param kvHead whose keys
  /// @param out keys (headDim, TILE)
  void loadKeys(Page page, int kvHead, float[] out);

  /// Sets `out[valueIndex(t, d)]` of [PageLayout] to element `d` of value `t`.
  ///
  /// @param page where from
  /// @param kvHead whose values
  /// @param out values, in the order of [PageLayout#valueIndex]
  void loadValues(Page page, int kvHead, float[] out);

  /// Rotates pair `p` of key `t` by the angle whose cosine and sine are at `p * TILE + t`.
  ///
  /// @param keys keys (headDim, TILE), input and output
  /// @param pairs rotated pairs, rows `p` and `p + pairs`
  /// @param cos cosines (pairs, TILE)
  /// @param sin sines (pairs, TILE)
  void rotateKeys(float[] keys, int pairs, float[] cos, float[] sin);

  /// Sets `out[r][..] = rotScale * R(angle) q[r]` for the rotated elements of each row and
  /// `passScale * q[r]` for the others. `out` may be `q`.
  ///
  /// @param q queries (rows, headDim)
  /// @param rows how many
  /// @param rotary which elements are rotated and what they are multiplied by
  /// @param cos cosines (rows / group, pairs)
  /// @param sin sines (rows / group, pairs)
  /// @param out queries (rows, headDim)
  void rotateRows(float[] q, int rows, Rotary rotary, float[] cos, float[] sin, float[] out);

  /// Sets `s[r * TILE + t] = sum over d of q[r * headDim + d] * k[d * TILE + t]`. A row's result
  /// does not depend, bit for bit, on the other rows in the call.
  ///
  /// @param q queries (rows, headDim)
  /// @param rows how many
  /// @param headDim elements of a query
  /// @param k keys (headDim, TILE), rotated
  /// @param s scores (rows, TILE)
  void scores(float[] q, int rows, int headDim, float[] k, float[] s);

  /// Takes one tile into the online softmax (Milakov and Gimelshein, arXiv 1805.02867, algorithm 3;
  /// FlashAttention, arXiv 2205.14135, algorithm 1). Scores are in units of ln 2, which saves a
  /// product for each: `e^x = 2^(x / ln 2)`, and the scale of the queries takes the factor. Row `r`
  /// sees the keys `[from[r], to[r])` of the tile: `max[r]` and `sum[r]` take them in, `o[r]` is
  /// rescaled when `max[r]` grows, and `s[r]` becomes `2^(s[r] - max[r])`, exactly 0 where hidden.
  /// With no visible key only `s[r]` changes. Before the first tile `max` is negative infinity and
  /// `sum` and `o` are 0.
  ///
  /// @param s scores (rows, TILE)
  /// @param rows how many
  /// @param from first visible key of each row
  /// @param to one past the last visible key of each row
  /// @param max largest score so far of each row
  /// @param sum of `2^(score - max)` so far of each row
  /// @param o unnormalised outputs (rows, headDim)
  /// @param headDim elements of an output
  void softmaxTile(
      float[] s, int rows, int[] from, int[] to, float[] max, float[] sum, float[] o, int headDim);

  /// Adds `sum over t < count of s[r * TILE + t] * v[valueIndex(t, d)]` to `o[r * headDim + d]`. A
  /// row's result does not depend, bit for bit, on the other rows in the call.
  ///
  /// @param s weights (rows, TILE)
  /// @param rows how many
  /// @param count how many values are read
  /// @param v values, as [#loadValues] leaves them
  /// @param headDim elements of a value
  /// @param o outputs (rows, headDim)
  void accumulate(float[] s, int rows, int count, float[] v, int headDim, float[] o);
}
