package dev.farspan.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every context method, with a KV cache, against the numpy oracle's full forward.
class GoldenMethodsTest {
  /// Float32 rounding of a three-layer model with logits of about 1; the fast path stays below
  /// 4e-5.
  private static final double TOLERANCE = 2e-4;

  static List<GoldenData.Case> cases() {
    List<GoldenData.Case> cases = GoldenData.methods();
    assertThat(cases).hasSize(24);
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void cachedDecodeEqualsTheFullForward(GoldenData.Case golden) {
    try (Runs runs = Runs.fast(golden.model())) {
      for (int block : new int[] {1, 7, 64, 200}) {
        float[] logits = runs.logits(golden.method(), golden.ids(), block);
        assertThat(Runs.maxDifference(logits, golden.logits()))
            .as("blocks of %d", block)
            .isLessThanOrEqualTo(TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theReferenceAttentionAgreesToo(GoldenData.Case golden) {
    try (Runs runs = Runs.reference(golden.model())) {
      float[] logits = runs.logits(golden.method(), golden.ids(), 64);
      assertThat(Runs.maxDifference(logits, golden.logits())).isLessThanOrEqualTo(TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void blocksOfAnySizeGiveTheSameBits(GoldenData.Case golden) {
    try (Runs runs = Runs.fast(golden.model())) {
      float[] whole = runs.logits(golden.method(), golden.ids(), 200);
      assertThat(runs.logits(golden.method(), golden.ids(), 7)).isEqualTo(whole);
      assertThat(runs.logits(golden.method(), golden.ids(), 64)).isEqualTo(whole);
    }
  }
}
