package dev.farspan.kernels;

import static dev.farspan.kernels.Kernels.TILE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.tensor.DType;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every implementation's attention must do.
abstract class AttentionContract {
  abstract Kernels kernels();

  // One rounding of each of two products and their sum: 3 * 2^-24 of values below 5, and slack.
  private static final float ROUNDING = 2e-6f;

  @ParameterizedTest
  @CsvSource({"F32,F32,64", "F16,BF16,64", "BF16,F16,20", "F32,F16,2", "F16,F16,256"})
  void whatWasStoredIsRead(DType keyType, DType valueType, int headDim) {
    PageLayout layout = new PageLayout(3, headDim, keyType, valueType);
    Page page = page(layout);
    float[] keys = Samples.floats(new Random(1), TILE * 3 * headDim);
    float[] values = Samples.floats(new Random(2), TILE * 3 * headDim);
    fill(page, keys, values);
    for (int h = 0; h < 3; h++) {
      float[] k = keys(page, h);
      float[] v = values(page, h);
      for (int t = 0; t < TILE; t++) {
        for (int d = 0; d < headDim; d++) {
          int at = (t * 3 + h) * headDim + d;
          assertThat(k[d * TILE + t]).isEqualTo(rounded(keyType, keys[at]));
          assertThat(page.key(h, t, d)).isEqualTo(rounded(keyType, keys[at]));
          assertThat(v[layout.valueIndex(t, d)]).isEqualTo(rounded(valueType, values[at]));
        }
      }
    }
  }

  /// A step is the scale: 1/127 of the largest magnitude that shares it, or 1/8.
  @ParameterizedTest
  @CsvSource({"Q8_0,Q8_0,64", "Q4_0,Q8_0,80", "Q8_0,Q4_0,6", "Q4_0,Q4_0,256", "F16,Q4_0,20"})
  void quantisedElementsAreWithinAStep(DType keyType, DType valueType, int headDim) {
    PageLayout layout = new PageLayout(2, headDim, keyType, valueType);
    Page exact = page(layout.exact());
    fill(
        exact,
        Samples.floats(new Random(3), TILE * 2 * headDim),
        Samples.floats(new Random(4), TILE * 2 * headDim));
    Page page = page(layout);
    kernels().quantise(exact, page);
    for (int h = 0; h < 2; h++) {
      checkSteps(keyType, TILE, keys(exact, h), keys(page, h));
      checkSteps(valueType, headDim, values(exact, h), values(page, h));
      for (int d = 0; d < headDim; d++) {
        assertThat(keys(page, h)[d * TILE + 5]).isEqualTo(page.key(h, 5, d));
        assertThat(values(page, h)[layout.valueIndex(5, d)]).isEqualTo(page.value(h, 5, d));
      }
    }
  }

  private static void checkSteps(DType type, int columns, float[] exact, float[] read) {
    int group = PageLayout.group(columns);
    for (int g = 0; g < exact.length; g += group) {
      float largest = 0;
      for (int i = g; i < g + group; i++) {
        largest = Math.max(largest, Math.abs(exact[i]));
      }
      // Half a step; Q4_0 has no +8, so the element furthest from the largest may be a whole one
      // off. The scale is rounded to F16: 2^-11 of the largest.
      float step =
          switch (type) {
            case Q8_0 -> largest / 127 / 2;
            case Q4_0 -> largest / 8;
            default -> 0;
          };
      for (int i = g; i < g + group; i++) {
        assertThat(read[i]).isCloseTo(exact[i], within(step + largest * 0x1p-11f));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"64,32", "20,6", "16,0", "256,64"})
  void keysAreRotatedInPlace(int headDim, int pairs) {
    Random random = new Random(1);
    float[] keys = Samples.floats(random, headDim * TILE);
    float[] cos = new float[pairs * TILE];
    float[] sin = new float[pairs * TILE];
    angles(random, cos, sin);
    float[] out = keys.clone();
    kernels().rotateKeys(out, pairs, cos, sin);
    for (int i = 0; i < keys.length; i++) {
      int p = i / TILE % Math.max(1, pairs) * TILE + i % TILE;
      double expected = keys[i];
      if (i < 2 * pairs * TILE) {
        double a = keys[p];
        double b = keys[p + pairs * TILE];
        expected = i < pairs * TILE ? a * cos[p] - b * sin[p] : b * cos[p] + a * sin[p];
      }
      assertThat(out[i]).isCloseTo((float) expected, within(ROUNDING));
    }
  }

  private static Page page(PageLayout layout) {
    // at an odd offset: alignment is not promised
    return new Page(layout, Arena.ofAuto().allocate(layout.bytes() + 6, 8).asSlice(6));
  }

  private void fill(Page page, float[] keys, float[] values) {
    for (int t = 0; t < TILE; t++) {
      kernels().store(page, t, keys, values, t * keys.length / TILE);
    }
  }

  private float[] keys(Page page, int kvHead) {
    float[] out = new float[TILE * page.layout().headDim()];
    kernels().loadKeys(page, kvHead, out);
    return out;
  }

  private float[] values(Page page, int kvHead) {
    float[] out = new float[TILE * page.layout().headDim()];
    kernels().loadValues(page, kvHead, out);
    return out;
  }

  private static float rounded(DType type, float x) {
    return switch (type) {
      case F16 -> Float.float16ToFloat(Float.floatToFloat16(x));
      case BF16 -> {
        int bits = Float.floatToIntBits(x);
        int low = bits & 0xffff;
        boolean up = low > 0x8000 || (low == 0x8000 && (bits & 0x10000) != 0);
        yield Float.intBitsToFloat((bits & 0xffff0000) + (up ? 0x10000 : 0));
      }
      default -> x;
    };
  }

  private static double rotated(
      float[] x, int at, int d, int half, float[] cos, float[] sin, int angle) {
    if (d >= 2 * half) {
      return x[at + d];
    }
    int p = d % half;
    double a = x[at + p];
    double b = x[at + p + half];
    double c = cos[angle + p];
    double s = sin[angle + p];
    return d < half ? a * c - b * s : b * c + a * s;
  }

  private static void angles(Random random, float[] cos, float[] sin) {
    for (int i = 0; i < cos.length; i++) {
      double angle = random.nextDouble() * 100;
      cos[i] = (float) Math.cos(angle);
      sin[i] = (float) Math.sin(angle);
    }
  }

  @ParameterizedTest
  @CsvSource({"64,64", "20,12", "16,0", "256,256", "80,32"})
  void queriesAreRotatedAndScaled(int headDim, int rotaryDim) {
    Random random = new Random(3);
    int rows = 6;
    int half = rotaryDim / 2;
    Rotary rotary = new Rotary(headDim, half, 2, 0.5f, 0.25f);
    float[] q = Samples.floats(random, rows * headDim);
    float[] cos = new float[rows / 2 * half];
    float[] sin = new float[rows / 2 * half];
    angles(random, cos, sin);
    float[] out = new float[q.length];
    kernels().rotateRows(q, rows, rotary, cos, sin, out);
    for (int i = 0; i < q.length; i++) {
      int r = i / headDim;
      double turned = rotated(q, r * headDim, i % headDim, half, cos, sin, r / 2 * half);
      double expected = turned * (i % headDim < rotaryDim ? 0.5 : 0.25);
      assertThat(out[i]).isCloseTo((float) expected, within(ROUNDING));
    }
    kernels().rotateRows(q, rows, rotary, cos, sin, q);
    assertThat(q).isEqualTo(out); // in place
  }

  @ParameterizedTest
  @CsvSource({"1,64", "3,64", "4,16", "7,20", "192,64", "13,256", "9,18", "11,48"})
  void scoresAndOutputsAreSumsOfProducts(int rows, int headDim) {
    Random random = new Random(4);
    int count = 61;
    float[] q = Samples.floats(random, rows * headDim);
    float[] k = Samples.floats(random, headDim * TILE);
    float[] s = new float[rows * TILE];
    Arrays.fill(s, 99);
    kernels().scores(q, rows, headDim, k, s);
    float[] v = Samples.floats(random, TILE * headDim);
    float[] before = Samples.floats(random, rows * headDim);
    float[] o = before.clone();
    kernels().accumulate(s, rows, count, v, headDim, o);
    for (int r = 0; r < rows; r++) {
      for (int t = 0; t < TILE; t++) {
        double sum = 0;
        for (int d = 0; d < headDim; d++) {
          sum += (double) q[r * headDim + d] * k[d * TILE + t];
        }
        // up to 256 roundings of partial sums below 100: 256 * 2^-24 * 100 at worst
        assertThat(s[r * TILE + t]).isCloseTo((float) sum, within(1e-4f));
      }
      for (int d = 0; d < headDim; d++) {
        double sum = before[r * headDim + d];
        double size = 1;
        for (int t = 0; t < count; t++) {
          sum += (double) s[r * TILE + t] * v[PageLayout.valueIndex(headDim, t, d)];
          size += Math.abs(s[r * TILE + t] * v[PageLayout.valueIndex(headDim, t, d)]);
        }
        // 62 roundings: 62 * 2^-24 = 4e-6 of the absolute products
        assertThat(o[r * headDim + d]).isCloseTo((float) sum, within((float) (4e-6 * size)));
      }
    }
  }

  @Test
  void scoresOfARowDoNotDependOnTheOtherRows() {
    Random random = new Random(5);
    int headDim = 24;
    float[] q = Samples.floats(random, 23 * headDim);
    float[] k = Samples.floats(random, headDim * TILE);
    float[] s = new float[23 * TILE];
    kernels().scores(q, 23, headDim, k, s);
    for (int r = 0; r < 23; r++) {
      float[] alone = new float[TILE];
      kernels().scores(Arrays.copyOfRange(q, r * headDim, (r + 1) * headDim), 1, headDim, k, alone);
      assertThat(alone).isEqualTo(Arrays.copyOfRange(s, r * TILE, (r + 1) * TILE));
    }
  }

  @Test
  void tilesOfSoftmaxMakeOneSoftmax() {
    Random random = new Random(6);
    int rows = 5;
    int headDim = 20;
    int tiles = 4;
    float[] all = Samples.floats(random, rows * tiles * TILE);
    float[] v = Samples.floats(random, tiles * TILE * headDim);
    for (int i = 0; i < all.length; i++) {
      all[i] *= 10; // so that the maximum moves and the exponentials span many magnitudes
    }
    int[] first = {0, 3, 70, 100, 255};
    int[] last = {256, 190, 71, 100, 256}; // row 3 sees nothing
    float[] o = new float[rows * headDim];
    float[] max = new float[rows];
    float[] sum = new float[rows];
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    for (int tile = 0; tile < tiles; tile++) {
      float[] s = new float[rows * TILE];
      int[] from = new int[rows];
      int[] to = new int[rows];
      for (int r = 0; r < rows; r++) {
        System.arraycopy(all, (r * tiles + tile) * TILE, s, r * TILE, TILE);
        from[r] = Math.clamp(first[r] - tile * TILE, 0, TILE);
        to[r] = Math.clamp(last[r] - tile * TILE, 0, TILE);
      }
      kernels().softmaxTile(s, rows, from, to, max, sum, o, headDim);
      for (int i = 0; i < s.length; i++) {
        if (i % TILE < from[i / TILE] || i % TILE >= to[i / TILE]) {
          assertThat(s[i]).isEqualTo(0f);
        }
      }
      float[] values = Arrays.copyOfRange(v, tile * TILE * headDim, (tile + 1) * TILE * headDim);
      kernels().accumulate(s, rows, TILE, values, headDim, o);
    }
    for (int r = 0; r < rows; r++) {
      checkSoftmax(r, all, first[r], last[r], v, headDim, max, sum, o);
    }
  }

  private static void checkSoftmax(
      int r,
      float[] all,
      int first,
      int last,
      float[] v,
      int headDim,
      float[] max,
      float[] sum,
      float[] o) {
    int keys = v.length / headDim;
    double larger = Double.NEGATIVE_INFINITY;
    for (int t = first; t < last; t++) {
      larger = Math.max(larger, all[r * keys + t]);
    }
    double total = 0;
    double[] out = new double[headDim];
    for (int t = first; t < last; t++) {
      double e = Math.pow(2, all[r * keys + t] - larger);
      total += e;
      for (int d = 0; d < headDim; d++) {
        out[d] += e * v[PageLayout.valueIndex(headDim, t, d)];
      }
    }
    assertThat(max[r]).isEqualTo((float) larger);
    // 2^x is good to 2e-7; four tiles of sums and rescales add a few roundings each
    assertThat(sum[r]).isCloseTo((float) total, within((float) (2e-6 * total)));
    for (int d = 0; d < headDim; d++) {
      assertThat(o[r * headDim + d]).isCloseTo((float) out[d], within((float) (1e-5 * total)));
    }
  }

  @Test
  void hiddenScoresMayBeAnything() {
    float[] s = new float[TILE];
    Arrays.fill(s, Float.NaN);
    s[4] = 1;
    float[] max = {0};
    float[] sum = {0};
    kernels().softmaxTile(s, 1, new int[] {4}, new int[] {5}, max, sum, new float[16], 16);
    assertThat(max[0]).isEqualTo(1);
    assertThat(sum[0]).isEqualTo(1);
    assertThat(s[4]).isEqualTo(1);
    assertThat(s[5]).isEqualTo(0);
  }

  @Test
  void visibleNanReachesTheSum() {
    float[] s = new float[TILE];
    s[9] = Float.NaN;
    float[] sum = {0};
    float[] max = {Float.NEGATIVE_INFINITY};
    kernels().softmaxTile(s, 1, new int[] {0}, new int[] {64}, max, sum, new float[16], 16);
    assertThat(sum[0]).isNaN();
  }
}
