package dev.farspan.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void isInANamedModule() {
    assertThat(Shape.class.getModule().isNamed()).isTrue();
    assertThat(Shape.of(2, 3).rank()).isEqualTo(2);
  }
}
