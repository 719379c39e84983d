package dev.farspan.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class DTypeTest {
  @Test
  void bytesCountWholeBlocks() {
    assertThat(DType.F32.bytes(5)).isEqualTo(20);
    assertThat(DType.Q4_0.bytes(64)).isEqualTo(36);
    assertThat(DType.Q6_K.bytes(512)).isEqualTo(420);
  }

  @Test
  void partOfABlockIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DType.Q4_K.bytes(32))
        .withMessageContaining("blocks hold 256");
    assertThatIllegalArgumentException().isThrownBy(() -> DType.F32.bytes(-1));
  }

  @Test
  void bytesThatOverflowAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> DType.F32.bytes(Long.MAX_VALUE));
  }

  @Test
  void onlyBlocksOfSeveralElementsAreQuantized() {
    assertThat(DType.Q8_0.isQuantized()).isTrue();
    assertThat(DType.BF16.isQuantized()).isFalse();
  }
}
