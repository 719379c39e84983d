package dev.farspan.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every family against the logits of transformers' full forward (float32, eager attention).
class GoldenModelsTest {
  /// Float32 rounding of a few layers with logits of about 1.
  private static final double TOLERANCE = 2e-4;

  static List<GoldenData.Case> cases() throws IOException {
    List<GoldenData.Case> cases = GoldenData.tiny();
    assertThat(cases).hasSize(26);
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyPositionAgreesWithTransformers(GoldenData.Case golden) {
    try (Runs runs = Runs.fast(golden.model())) {
      for (int block : new int[] {golden.ids().length, 1, 7, 64}) {
        float[] logits = runs.logits(golden.method(), golden.ids(), block);
        assertThat(Runs.maxDifference(logits, golden.logits()))
            .as("blocks of %d", block)
            .isLessThanOrEqualTo(TOLERANCE);
      }
    }
  }
}
