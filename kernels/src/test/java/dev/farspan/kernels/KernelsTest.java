package dev.farspan.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.tensor.DType;
import org.junit.jupiter.api.Test;

class KernelsTest {
  @Test
  void theChoiceSaysWhatItIs() {
    assertThat(Kernels.best()).hasSameClassAs(Kernels.best());
    assertThat(Kernels.best().describe()).matches("(panama|scalar): .+");
    assertThat(KernelChoice.named("scalar").describe()).startsWith("scalar:");
    assertThat(KernelChoice.named("panama").describe()).contains("-bit lanes");
  }

  @Test
  void anUnknownChoiceIsRefused() {
    System.setProperty(KernelChoice.PROPERTY, "fast");
    try {
      // Through the public door: an error while a class is initialised would hide the sentence.
      assertThatThrownBy(Kernels::best).isInstanceOf(IllegalArgumentException.class);
    } finally {
      System.clearProperty(KernelChoice.PROPERTY);
    }
    assertThatThrownBy(() -> KernelChoice.named("fast"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("farspan.kernels=fast is not known; use scalar or panama, or leave it out");
  }

  @Test
  void impossiblePagesAndRotationsAreRefused() {
    assertThatThrownBy(() -> new PageLayout(1, 8, DType.Q4_1, DType.F32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not Q4_1");
    assertThatThrownBy(() -> new PageLayout(1, 7, DType.F32, DType.F32))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Rotary(8, 5, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
