package dev.farspan.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every implementation's matrix products must do.
abstract class MatMulContract {
  abstract Kernels kernels();

  // A chain of 256 fused multiply-adds errs by at most 256 * 2^-24 = 1.5e-5 of the sum of the
  // absolute products; the offset of 4-bit weights at most doubles that sum.
  private static final double TOLERANCE = 3e-5;

  private static final int[] COLUMNS = {1, 3, 17, 257};

  private static int[] depths(DType dtype) {
    return switch (dtype.blockSize()) {
      case 1 -> new int[] {1, 57, 64, 300, 577};
      case 32 -> new int[] {32, 288, 576};
      default -> new int[] {256, 768};
    };
  }

  @ParameterizedTest
  @EnumSource(
      names = {"I8", "U8", "BOOL", "I16", "I32", "I64", "F64"},
      mode = EnumSource.Mode.EXCLUDE)
  void matMulIsTheSumOfProducts(DType dtype) {
    Random random = new Random(1);
    try (Workers workers = new Workers(2)) {
      for (int n : COLUMNS) {
        for (int k : depths(dtype)) {
          Tensor w = Samples.weights(random, dtype, n, k);
          for (int rows : new int[] {1, 3, 4, 13, 130}) {
            float[] x = Samples.floats(random, rows * k);
            float[] y = new float[rows * n];
            Arrays.fill(y, 99);
            kernels().matMul(w, x, rows, y, workers);
            check(w, x, rows, y);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"I8", "U8", "BOOL", "I16", "I32", "I64", "F64"},
      mode = EnumSource.Mode.EXCLUDE)
  void matVecIsTheSumOfProducts(DType dtype) {
    Random random = new Random(2);
    try (Workers workers = new Workers(2)) {
      for (int n : COLUMNS) {
        for (int k : depths(dtype)) {
          Tensor w = Samples.weights(random, dtype, n, k);
          float[] x = Samples.floats(random, k);
          float[] y = new float[n];
          kernels().matVec(w, x, y, workers);
          check(w, x, 1, y);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "Q8_0", "Q4_1", "Q6_K"})
  void matVecReadsMemoryOfEveryKind(DType dtype) {
    Tensor mapped = Samples.weights(new Random(4), dtype, 17, 256);
    byte[] bytes = mapped.data().toArray(ValueLayout.JAVA_BYTE);
    MemorySegment allocated = Arena.ofAuto().allocate(bytes.length);
    allocated.copyFrom(mapped.data());
    float[] x = Samples.floats(new Random(5), 256);
    try (Workers workers = new Workers(2)) {
      for (MemorySegment data : new MemorySegment[] {allocated, MemorySegment.ofArray(bytes)}) {
        float[] y = new float[17];
        Tensor w = new Tensor("w", dtype, mapped.shape(), data);
        kernels().matVec(w, x, y, workers);
        check(w, x, 1, y);
        float[] both = new float[17];
        kernels()
            .matVecs(2, new Tensor[] {mapped, w}, x, new float[][] {new float[17], both}, workers);
        assertThat(both).isEqualTo(y);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"Q4_0", "Q4_1", "Q8_0"})
  void scalesAndInputsMayBeAsSmallOrLargeAsTheyGet(DType dtype) {
    Random random = new Random(6);
    try (Workers workers = new Workers(1)) {
      // the least F16, a subnormal one, an ordinary one and the largest; inputs from 2^-60 to 2^59
      for (float scale : new float[] {0x1p-24f, -0x1.5p-20f, 0.125f, -65504}) {
        for (int exponent : new int[] {-60, -20, 0, 59}) {
          Tensor w = Samples.weights(random, dtype, 5, 64);
          for (long block = 0; block < w.data().byteSize(); block += dtype.blockBytes()) {
            w.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, block, Float.floatToFloat16(scale));
          }
          float[] x = Samples.floats(random, 64);
          for (int i = 0; i < x.length; i++) {
            x[i] = Math.scalb(x[i], exponent);
          }
          float[] y = new float[5];
          kernels().matVec(w, x, y, workers);
          check(w, x, 1, y);
        }
      }
    }
  }

  private static void check(Tensor w, float[] x, int rows, float[] y) {
    int n = (int) w.rows();
    int k = (int) w.cols();
    float[] weights = new float[k];
    for (int column = 0; column < n; column++) {
      w.copyRow(column, weights, 0);
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        double size = 0x1p-100; // what is not a normal float may be lost
        for (int i = 0; i < k; i++) {
          double product = (double) weights[i] * x[r * k + i];
          sum += product;
          size += Math.abs(product);
        }
        if (!(Math.abs(y[r * n + column] - sum) <= TOLERANCE * size)) {
          assertThat(y[r * n + column])
              .as("%s n=%d k=%d rows=%d row=%d column=%d", w.dtype(), n, k, rows, r, column)
              .isEqualTo((float) sum);
        }
      }
    }
  }

  @Test
  void aRowDoesNotDependOnTheOtherRowsOrTheThreads() {
    Random random = new Random(3);
    int n = 147;
    int k = 544;
    int most = 261;
    Tensor w = Samples.weights(random, DType.Q4_1, n, k);
    float[] x = Samples.floats(random, most * k);
    float[] expected = new float[most * n];
    try (Workers one = new Workers(1);
        Workers three = new Workers(3)) {
      kernels().matMul(w, x, most, expected, one);
      for (int rows : new int[] {1, 2, 5, 8, 127, 130}) {
        for (int first : new int[] {0, 1, 6, 131}) {
          float[] part = Arrays.copyOfRange(x, first * k, (first + rows) * k);
          float[] y = new float[rows * n];
          kernels().matMul(w, part, rows, y, three);
          assertThat(y)
              .as("rows %d to %d", first, first + rows)
              .isEqualTo(Arrays.copyOfRange(expected, first * n, (first + rows) * n));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16", "Q4_0", "Q4_1", "Q8_0", "Q4_K", "Q6_K"})
  void matVecDoesNotDependOnTheThreads(DType dtype) {
    Random random = new Random(4);
    Tensor w = Samples.weights(random, dtype, 301, 768);
    float[] x = Samples.floats(random, 768);
    float[][] y = new float[2][301];
    try (Workers one = new Workers(1);
        Workers three = new Workers(3)) {
      kernels().matVec(w, x, y[0], one);
      kernels().matVec(w, x, y[1], three);
    }
    assertThat(y[1]).isEqualTo(y[0]);
  }

  @Test
  void productsOfOneInputAreThoseOfEach() {
    Random random = new Random(5);
    // Types change and come again; more products than are asked for.
    DType[] types = {DType.Q4_1, DType.Q4_1, DType.Q6_K, DType.Q4_1, DType.F16, DType.Q4_0};
    int[] rows = {1, 70, 33, 257, 2, 9};
    int count = types.length - 1;
    Tensor[] w = new Tensor[types.length];
    float[][] y = new float[types.length][];
    for (int i = 0; i < types.length; i++) {
      w[i] = Samples.weights(random, types[i], rows[i], 512);
      y[i] = new float[rows[i]];
    }
    float[] x = Samples.floats(random, 512);
    try (Workers two = new Workers(2)) {
      kernels().matVecs(count, w, x, y, two);
      for (int i = 0; i < count; i++) {
        float[] alone = new float[rows[i]];
        kernels().matVec(w[i], x, alone, two);
        assertThat(y[i]).as("product %d", i).isEqualTo(alone);
      }
      kernels().matVecs(0, w, x, y, two);
    }
    assertThat(y[count]).containsOnly(0);
  }

  @Test
  void inputsThatFollowEachOtherAreNotMixedUp() {
    Random random = new Random(6);
    Tensor w = Samples.weights(random, DType.Q4_0, 40, 96);
    float[] x = Samples.floats(random, 96);
    float[] y = new float[40];
    try (Workers two = new Workers(2)) {
      for (int loop = 0; loop < 50; loop++) {
        x[loop] += 1; // the same array again, with other values
        kernels().matVec(w, x, y, two);
        check(w, x, 1, y);
      }
    }
  }

  @Test
  void halvesKeepSubnormalsInfinityAndNan() {
    float[] values = {0x1p-24f, -0x1.8p-20f, 65504, Float.POSITIVE_INFINITY, Float.NaN, -0f};
    try (Workers workers = new Workers(1)) {
      for (float value : values) {
        float[] row = new float[64]; // long enough for the vector path at every width
        row[5] = value;
        Tensor w = half(row);
        float[] x = new float[64];
        x[5] = 1;
        float[] y = new float[1];
        kernels().matVec(w, x, y, workers);
        assertThat(y[0]).isEqualTo(Float.valueOf(value + 0f)); // by value: NaN is NaN
        kernels().matMul(w, x, 1, y, workers);
        assertThat(y[0]).isEqualTo(Float.valueOf(value + 0f)); // by value: NaN is NaN
      }
    }
  }

  private static Tensor half(float[] row) {
    Tensor w = Samples.weights(new Random(0), DType.F16, 1, row.length);
    dev.farspan.tensor.Blocks.encode(DType.F16, row, 0, row.length, w.data(), 0);
    return w;
  }

  @Test
  void arraysThatAreTooShortAreRefused() {
    Tensor w = Samples.weights(new Random(0), DType.F32, 4, 8);
    try (Workers workers = new Workers(1)) {
      assertThatThrownBy(() -> kernels().matMul(w, new float[15], 2, new float[8], workers))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2 rows times 'w'");
      assertThatThrownBy(() -> kernels().matVec(w, new float[8], new float[3], workers))
          .isInstanceOf(IllegalArgumentException.class);
      Tensor[] two = {w, w};
      float[][] oneTooShort = {new float[4], new float[3]};
      assertThatThrownBy(() -> kernels().matVecs(2, two, new float[8], oneTooShort, workers))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void noRowsAreNoWork() {
    Tensor w = Samples.weights(new Random(0), DType.F32, 4, 8);
    float[] y = IntStream.range(0, 4).collect(() -> new float[4], (a, i) -> a[i] = i, (a, b) -> {});
    try (Workers workers = new Workers(1)) {
      kernels().matMul(w, new float[0], 0, y, workers);
    }
    assertThat(y).containsExactly(0, 1, 2, 3);
  }
}
