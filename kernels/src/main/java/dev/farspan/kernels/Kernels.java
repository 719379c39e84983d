package dev.farspan.kernels;

import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// The few hot loops of the runtime. Matrices are row-major; a shape `(rows, k)` says which index
/// runs fastest (the last). No method allocates beyond the scratch of [Workers]; sizes that do not
/// fit end in an [IllegalArgumentException] or an [IndexOutOfBoundsException].
///
/// A rotation of pair `p` by an angle takes `(a, b)`, elements `p` and `p + rotaryDim/2`, to `(a
/// cos - b sin, b cos + a sin)`: the half-split pairing of the published checkpoints.
public interface Kernels {
  /// Key positions of one attention tile, which is also the positions of one page of the KV cache.
  int TILE = 64;

  /// Returns the fastest kernels this machine runs well. The system property `farspan.kernels`
  /// (`scalar` or `panama`) forces a choice.
  ///
  /// @return the kernels of this machine
  /// @throws IllegalArgumentException if the property names something else
  static Kernels best() {
    return KernelChoice.named(System.getProperty(KernelChoice.PROPERTY, "best"));
  }

  /// Returns which kernels these are and why, in one line.
  ///
  /// @return for example `panama: 256-bit lanes, 4 x 16 tile`
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

  /// Stores floats in a page of the cache, F16 rounded to nearest even.
  ///
  /// @param x the floats
  /// @param at index of the first
  /// @param n how many
  /// @param dtype `F32` or `F16`
  /// @param page where to
  /// @param byteOffset where in `page`
  void store(float[] x, int at, int n, DType dtype, MemorySegment page, long byteOffset);

  /// Sets `out[d * TILE + t]` to element `d` of key `t`, rotated: pair `p` of key `t` by the angle
  /// whose cosine and sine are at `t * rotaryDim/2 + p`. Columns from `count` on are 0.
  ///
  /// @param tile where the keys are
  /// @param cos cosines (count, rotaryDim/2); not read if `rotaryDim` is 0
  /// @param sin sines (count, rotaryDim/2); not read if `rotaryDim` is 0
  /// @param out keys (headDim, TILE), transposed
  void packKeys(KeyTile tile, float[] cos, float[] sin, float[] out);

  /// Sets `out[t * headDim + d]` to element `d` of value `t`. Rows from `count` up to TILE are 0.
  ///
  /// @param page memory that holds (count, headDim) elements
  /// @param byteOffset where in `page` the first value starts
  /// @param dtype `F32` or `F16`
  /// @param count how many values, 0 to TILE
  /// @param headDim elements of a value
  /// @param out values (TILE, headDim)
  void loadValues(
      MemorySegment page, long byteOffset, DType dtype, int count, int headDim, float[] out);

  /// Sets `out[r][..] = rotScale * R(angle) q[r]` for the first `rotaryDim` elements of each row
  /// and `passScale * q[r]` for the others. `out` may be `q`.
  ///
  /// @param q queries (rows, headDim)
  /// @param rows how many
  /// @param headDim elements of a query
  /// @param rotaryDim how many leading elements are rotated
  /// @param cos cosines (rows, rotaryDim/2)
  /// @param sin sines (rows, rotaryDim/2)
  /// @param rotScale factor of the rotated elements: the softmax scale and the attention factor
  /// @param passScale factor of the others
  /// @param out queries (rows, headDim)
  void rotateRows(
      float[] q,
      int rows,
      int headDim,
      int rotaryDim,
      float[] cos,
      float[] sin,
      float rotScale,
      float passScale,
      float[] out);

  /// Sets `s[r * TILE + t] = sum over d of q[r * headDim + d] * k[d * TILE + t]`. A row's result
  /// does not depend, bit for bit, on the other rows in the call.
  ///
  /// @param q queries (rows, headDim)
  /// @param rows how many
  /// @param headDim elements of a query
  /// @param k keys (headDim, TILE), as [#packKeys] leaves them
  /// @param s scores (rows, TILE)
  void scores(float[] q, int rows, int headDim, float[] k, float[] s);

  /// Takes one tile into the online softmax (Milakov and Gimelshein, arXiv 1805.02867, algorithm 3;
  /// FlashAttention, arXiv 2205.14135, algorithm 1). Row `r` sees the keys `[from[r], to[r])` of
  /// the tile: `max[r]` and `sum[r]` take them in, `o[r]` is rescaled when `max[r]` grows, and
  /// `s[r]` becomes `exp(s[r] - max[r])`, exactly 0 where hidden. With no visible key only `s[r]`
  /// changes. Before the first tile `max` is negative infinity and `sum` and `o` are 0.
  ///
  /// @param s scores (rows, TILE)
  /// @param rows how many
  /// @param from first visible key of each row
  /// @param to one past the last visible key of each row
  /// @param max largest score so far of each row
  /// @param sum of `exp(score - max)` so far of each row
  /// @param o unnormalised outputs (rows, headDim)
  /// @param headDim elements of an output
  void softmaxTile(
      float[] s, int rows, int[] from, int[] to, float[] max, float[] sum, float[] o, int headDim);

  /// Adds `sum over t < count of s[r * TILE + t] * v[t * headDim + d]` to `o[r * headDim + d]`. A
  /// row's result does not depend, bit for bit, on the other rows in the call.
  ///
  /// @param s weights (rows, TILE)
  /// @param rows how many
  /// @param count how many values are read
  /// @param v values (count, headDim)
  /// @param headDim elements of a value
  /// @param o outputs (rows, headDim)
  void accumulate(float[] s, int rows, int count, float[] v, int headDim, float[] o);
}
