package dev.farspan.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineLimitsTest {
  /// Wide enough for a machine that many share, and for a thread that hardly gets a turn; narrow
  /// enough to see a count that is wrong by the length of a loop.
  @Test
  void theLimitsAreThoseOfAMachineWithVectors() {
    Optional<MachineLimits> limits = MachineLimits.measure(1);
    assertThat(limits.isPresent()).isEqualTo(KernelChoice.hasVectors());
    limits.ifPresent(
        measured -> {
          assertThat(measured.flopsPerSecond()).isBetween(1e8, 1e12);
          assertThat(measured.bytesPerSecond()).isBetween(1e8, 1e12);
        });
  }

  @Test
  void noThreadsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> MachineLimits.measure(0));
  }
}
