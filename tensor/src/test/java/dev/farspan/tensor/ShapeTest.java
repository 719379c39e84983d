package dev.farspan.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void isInANamedModule() {
    assertThat(Shape.class.getModule().isNamed()).isTrue();
    assertThat(Shape.of(2, 3).rank()).isEqualTo(2);
  }

  @Test
  void elementsAreTheProductOfTheExtents() {
    assertThat(Shape.of(2, 3, 4).elements()).isEqualTo(24);
    assertThat(Shape.of().elements()).isEqualTo(1);
    assertThat(Shape.of(5, 0).elements()).isZero();
  }

  @Test
  void shapesWithTheSameExtentsAreEqual() {
    assertThat(Shape.of(2, 3)).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
    assertThat(Shape.of(2, 3)).isNotEqualTo(Shape.of(3, 2)).hasToString("[2, 3]");
  }

  @Test
  void neitherTheArgumentNorTheCopyIsShared() {
    long[] dims = {2, 3};
    Shape shape = Shape.of(dims);
    dims[0] = 9;
    shape.dims()[1] = 9;
    assertThat(shape.dims()).containsExactly(2, 3);
  }

  @Test
  void negativeOrOverflowingExtentsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(2, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(1L << 32, 1L << 31));
    // an extent of 0 must not hide an overflow of the others, wherever it stands
    assertThatIllegalArgumentException().isThrownBy(() -> Shape.of(0, 1L << 32, 1L << 31));
  }
}
