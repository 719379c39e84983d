package dev.farspan.kernels;

import dev.farspan.tensor.Tensor;

/// The kernels on the Vector API.
final class PanamaKernels implements Kernels {
  @Override
  public String describe() {
    return "panama: %d-bit lanes, %d x %d tile"
        .formatted(Lanes.F.vectorBitSize(), WeightTiles.HEIGHT, WeightTiles.WIDTH);
  }

  @Override
  public void matMul(Tensor w, float[] x, int rows, float[] y, Workers workers) {
    MatMul.run(w, x, rows, y, workers);
  }

  @Override
  public void matVec(Tensor w, float[] x, float[] y, Workers workers) {
    workers.products().run(w, x, y);
  }

  @Override
  public void matVecs(int products, Tensor[] w, float[] x, float[][] y, Workers workers) {
    workers.products().run(products, w, x, y);
  }

  @Override
  public void rmsNorm(
      float[] x, int at, int n, float[] weight, float epsilon, float[] out, int outAt) {
    Elementwise.rmsNorm(x, at, n, weight, epsilon, out, outAt);
  }

  @Override
  public void layerNorm(
      float[] x,
      int at,
      int n,
      float[] weight,
      float[] bias,
      float epsilon,
      float[] out,
      int outAt) {
    Elementwise.layerNorm(x, at, n, weight, bias, epsilon, out, outAt);
  }

  @Override
  public void gate(Activation activation, float[] gate, float[] up, int at, int n) {
    Elementwise.gate(activation, gate, up, at, n);
  }

  @Override
  public void activate(Activation activation, float[] x, int at, int n) {
    Elementwise.activate(activation, x, at, n);
  }

  @Override
  public void add(float[] x, int at, float[] y, int yAt, int n, float factor) {
    Elementwise.add(x, at, y, yAt, n, factor);
  }

  @Override
  public void scale(float[] x, int at, int n, float factor) {
    Attention.scale(x, at, n, factor);
  }

  @Override
  public void softmax(float[] x, int at, int n) {
    Elementwise.softmax(x, at, n);
  }

  @Override
  public double logSumExp(float[] x, int at, int n) {
    return LogSumExp.of(x, at, n);
  }

  @Override
  public void softCap(float[] x, int at, int n, float cap) {
    Elementwise.softCap(x, at, n, cap);
  }

  @Override
  public void store(Page page, int slot, float[] keys, float[] values, int at) {
    Cells.store(page, slot, keys, values, at);
  }

  @Override
  public void quantise(Page exact, Page to) {
    Cells.quantise(exact, to);
  }

  @Override
  public void loadKeys(Page page, int kvHead, float[] out) {
    PageLoads.load(page.keys(kvHead), out);
  }

  @Override
  public void loadValues(Page page, int kvHead, float[] out) {
    PageLoads.load(page.values(kvHead), out);
  }

  @Override
  public void rotateKeys(float[] keys, int pairs, float[] cos, float[] sin) {
    Attention.rotateKeys(keys, pairs, cos, sin);
  }

  @Override
  public void rotateRows(
      float[] q, int rows, Rotary rotary, float[] cos, float[] sin, float[] out) {
    Attention.rotateRows(q, rows, rotary, cos, sin, out);
  }

  @Override
  public void scores(float[] q, int rows, int headDim, float[] k, float[] s) {
    Attention.scores(q, rows, headDim, k, s);
  }

  @Override
  public void softmaxTile(
      float[] s, int rows, int[] from, int[] to, float[] max, float[] sum, float[] o, int headDim) {
    Attention.softmaxTile(s, rows, from, to, max, sum, o, headDim);
  }

  @Override
  public void accumulate(float[] s, int rows, int count, float[] v, int headDim, float[] o) {
    Attention.accumulate(s, rows, count, v, headDim, o);
  }
}
