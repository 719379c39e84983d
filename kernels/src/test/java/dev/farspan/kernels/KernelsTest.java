package dev.farspan.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.tensor.DType;
import java.lang.foreign.MemorySegment;
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
  void impossibleTilesAreRefused() {
    MemorySegment page = MemorySegment.ofArray(new byte[64]);
    assertThatThrownBy(() -> new KeyTile(page, 0, DType.Q8_0, 1, 8, 8))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KeyTile(page, 0, DType.F16, 65, 8, 8))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KeyTile(page, 0, DType.F16, 1, 8, 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KeyTile(page, 0, DType.F16, 1, 8, 3))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
