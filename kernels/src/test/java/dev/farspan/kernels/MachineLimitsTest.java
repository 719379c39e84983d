package dev.farspan.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineLimitsTest {
  /// Half a multiply-add of a vector a cycle at 2 GHz, and a tenth of one channel of DDR4: any
  /// machine that has vectors does more, even while others use it.
  @Test
  void theLimitsAreThoseOfAMachineWithVectors() {
    Optional<MachineLimits> limits = MachineLimits.measure(1);
    assertThat(limits.isPresent()).isEqualTo(KernelChoice.hasVectors());
    limits.ifPresent(
        measured -> {
          assertThat(measured.flopsPerSecond()).isBetween(2e9 * Lanes.L / 2, 1e12);
          assertThat(measured.bytesPerSecond()).isBetween(1e9, 1e12);
        });
  }

  @Test
  void noThreadsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> MachineLimits.measure(0));
  }
}
