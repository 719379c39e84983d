package dev.farspan.planner.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.planner.shape.KnownShapes;
import dev.farspan.planner.shape.ModelShape;
import dev.farspan.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishedClaimTest {
  @Test
  void theFormulaGivesWhatWasSaid() {
    for (PublishedClaim claim : PublishedClaim.ALL) {
      if (claim.text().contains("over")) {
        // "over 100 GB": 107.4.
        assertThat(claim.computed())
            .as(claim.text())
            .isBetween(claim.said(), claim.said() * 11 / 10);
      } else {
        // Two decimals were published, 15.625 as 15.62.
        assertThat((double) claim.computed() / claim.said())
            .as(claim.text())
            .isCloseTo(1, within(5e-4));
      }
    }
  }

  @Test
  void eightMultiHeadsOfSeventyBillionPassAHundredGigabytesAtOnce() {
    ModelShape llama =
        ModelShape.ofConfig("llama2-70b", KnownShapes.named("llama2-70b").config(), DType.F16);
    List<Combination> all = Combination.of(llama, 131_072);
    assertThat(all).hasSize(8);
    assertThat(batch(all, false, DType.F16)).isEqualTo(3); // 3 * 42.9
    assertThat(batch(all, false, DType.F32)).isEqualTo(2); // 2 * 85.9
    assertThat(batch(all, true, DType.F16)).isEqualTo(1); // 343.6
    assertThat(batch(all, true, DType.Q4_0)).isEqualTo(2); // 2 * 96.6
  }

  private static long batch(List<Combination> all, boolean multiHead, DType type) {
    return all.stream()
        .filter(c -> c.multiHead() == multiHead && c.type() == type)
        .findFirst()
        .orElseThrow()
        .batchOfHundredGb();
  }
}
