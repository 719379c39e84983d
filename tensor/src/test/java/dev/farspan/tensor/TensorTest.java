package dev.farspan.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class TensorTest {
  private static final Tensor CUBE =
      Tensor.ofFloats("cube", Shape.of(2, 2, 3), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

  @Test
  void rowsRunOverAllExtentsButTheLast() {
    assertThat(CUBE.rows()).isEqualTo(4);
    assertThat(CUBE.cols()).isEqualTo(3);
    assertThat(CUBE.rowBytes()).isEqualTo(12);
    assertThat(CUBE.rows(1, 3).shape()).isEqualTo(Shape.of(2, 3));
    assertThat(CUBE.rows(1, 3).toFloats()).containsExactly(3, 4, 5, 6, 7, 8);
    assertThat(CUBE.rows(4, 4).toFloats()).isEmpty();
  }

  @Test
  void sliceDropsTheOutermostExtent() {
    assertThat(CUBE.slice(1).shape()).isEqualTo(Shape.of(2, 3));
    assertThat(CUBE.slice(1).slice(0).toFloats()).containsExactly(6, 7, 8);
    assertThat(CUBE.slice(0).slice(1).slice(2).toFloats()).containsExactly(5);
  }

  @Test
  void copyRowWritesOneRow() {
    float[] out = new float[5];
    CUBE.copyRow(3, out, 1);
    assertThat(out).containsExactly(0, 9, 10, 11, 0);
  }

  @Test
  void quantizedRowsStartAtWholeBlocks() {
    float[] values = new float[64];
    java.util.Arrays.fill(values, 32, 64, 127);
    MemorySegment data = MemorySegment.ofArray(new byte[68]);
    Blocks.encode(DType.Q8_0, values, 0, 64, data, 0);
    Tensor tensor = new Tensor("q", DType.Q8_0, Shape.of(2, 32), data);
    assertThat(tensor.rows(1, 2).toFloats()).containsOnly(127);
    assertThat(tensor.slice(0).toFloats()).containsOnly(0);
  }

  @Test
  void aScalarHasOneRowAndOneColumn() {
    Tensor scalar = Tensor.ofFloats("s", Shape.of(), 7);
    assertThat(scalar.rows()).isEqualTo(1);
    assertThat(scalar.toFloats()).containsExactly(7);
  }

  @Test
  void aSliceIsAView() {
    Tensor tensor = Tensor.ofFloats("v", Shape.of(2, 1), 1, 2);
    Blocks.encode(DType.F32, new float[] {5}, 0, 1, tensor.data(), 4);
    assertThat(tensor.slice(1).toFloats()).containsExactly(5);
  }

  @Test
  void valuesAreCopied() {
    float[] values = {1, 2};
    Tensor tensor = Tensor.ofFloats("v", Shape.of(2), values);
    values[0] = 9;
    assertThat(tensor.toFloats()).containsExactly(1, 2);
  }

  @Test
  void memoryOfAnotherSizeIsRefused() {
    MemorySegment data = MemorySegment.ofArray(new byte[36]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tensor("t", DType.F32, Shape.of(2, 3), data))
        .withMessage("tensor 't' F32 [2, 3] needs 24 bytes but has 36");
    // 64 elements are two blocks, but a row of 16 would start inside one
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tensor("t", DType.Q4_0, Shape.of(4, 16), data))
        .withMessageContaining("whole Q4_0 blocks");
  }

  @Test
  void rowsAndEntriesOutsideAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> CUBE.rows(3, 5));
    assertThatIllegalArgumentException().isThrownBy(() -> CUBE.rows(2, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> CUBE.slice(2));
    assertThatIllegalArgumentException().isThrownBy(() -> CUBE.slice(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> CUBE.copyRow(4, new float[3], 0));
    assertThatIllegalArgumentException().isThrownBy(() -> CUBE.copyRow(0, new float[3], 1));
  }
}
