package dev.farspan.bench;

import static dev.farspan.bench.Inputs.HEAD_DIM;
import static dev.farspan.bench.Inputs.KV_HEADS;
import static dev.farspan.kernels.Kernels.TILE;

import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Page;
import dev.farspan.kernels.PageLayout;
import dev.farspan.tensor.DType;
import java.lang.foreign.Arena;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// One page of the KV cache, 64 positions of 3 heads: what is read and written of it.
public class PageBenchmark extends CheckedBenchmark {
  /// How keys and values are stored.
  @Param({"F32", "F16", "BF16", "Q8_0", "Q4_0"})
  public DType dtype = DType.F32;

  private Page exact = page(DType.F32);
  private Page page = exact;
  private float[] keys = {};
  private float[] values = {};
  private final float[] tile = new float[HEAD_DIM * TILE];
  private final float[] cos = new float[HEAD_DIM / 2 * TILE];
  private final float[] sin = new float[HEAD_DIM / 2 * TILE];

  /// Makes a benchmark.
  public PageBenchmark() {}

  private static Page page(DType dtype) {
    PageLayout layout = new PageLayout(KV_HEADS, HEAD_DIM, dtype, dtype);
    return new Page(layout, Arena.ofAuto().allocate(layout.bytes(), 64));
  }

  @Override
  protected void prepare(Random random) {
    keys = Inputs.floats(random, TILE * KV_HEADS * HEAD_DIM);
    values = Inputs.floats(random, TILE * KV_HEADS * HEAD_DIM);
    exact = page(DType.F32);
    page = page(dtype);
    fill(FAST, exact);
    FAST.quantise(exact, page);
    for (int i = 0; i < cos.length; i++) {
      cos[i] = (float) Math.cos(i);
      sin[i] = (float) Math.sin(i);
    }
  }

  private void fill(Kernels kernels, Page target) {
    for (int slot = 0; slot < TILE; slot++) {
      kernels.store(target, slot, keys, values, slot * KV_HEADS * HEAD_DIM);
    }
  }

  @Override
  protected void check() {
    Page other = page(dtype);
    REFERENCE.quantise(exact, other);
    for (int head = 0; head < KV_HEADS; head++) {
      agree(loadKeys(FAST, page, head), loadKeys(REFERENCE, other, head), 0, 0); // only decoded
      agree(loadValues(FAST, page, head), loadValues(REFERENCE, other, head), 0, 0);
    }
    if (!page.layout().quantised()) {
      Page stored = page(dtype);
      fill(FAST, stored);
      fill(REFERENCE, other);
      agree(loadKeys(REFERENCE, stored, 1), loadKeys(REFERENCE, other, 1), 0, 0); // rounded once
      agree(loadValues(REFERENCE, stored, 1), loadValues(REFERENCE, other, 1), 0, 0);
    }
    agree(rotated(FAST), rotated(REFERENCE), 2e-6, 1); // three roundings of values below 5
  }

  private static float[] loadKeys(Kernels kernels, Page from, int head) {
    float[] result = new float[HEAD_DIM * TILE];
    kernels.loadKeys(from, head, result);
    return result;
  }

  private static float[] loadValues(Kernels kernels, Page from, int head) {
    float[] result = new float[HEAD_DIM * TILE];
    kernels.loadValues(from, head, result);
    return result;
  }

  private float[] rotated(Kernels kernels) {
    float[] result = loadKeys(REFERENCE, page, 0);
    kernels.rotateKeys(result, HEAD_DIM / 2, cos, sin);
    return result;
  }

  /// Reads the keys of one head.
  ///
  /// @return the keys
  @Benchmark
  public float[] loadKeys() {
    FAST.loadKeys(page, 1, tile);
    return tile;
  }

  /// Reads the keys of one head and rotates them.
  ///
  /// @return the rotated keys
  @Benchmark
  public float[] loadAndRotateKeys() {
    FAST.loadKeys(page, 1, tile);
    FAST.rotateKeys(tile, HEAD_DIM / 2, cos, sin);
    return tile;
  }

  /// Reads the values of one head.
  ///
  /// @return the values
  @Benchmark
  public float[] loadValues() {
    FAST.loadValues(page, 1, tile);
    return tile;
  }

  /// Fills the page from an exact one.
  ///
  /// @return the page
  @Benchmark
  public Page quantise() {
    FAST.quantise(exact, page);
    return page;
  }

  /// Stores 64 positions of all heads in an exact page.
  ///
  /// @return the page
  @Benchmark
  public Page store() {
    fill(FAST, exact);
    return exact;
  }
}
