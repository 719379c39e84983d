package dev.farspan.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.formats.checkpoint.ModelParts;
import dev.farspan.formats.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Adapters that PEFT wrote, against the logits that PEFT computes with them
/// (`scripts/golden/adapters.py`).
class GoldenAdaptersTest {
  /// Float32 rounding of two layers with logits of up to 7, the update added to the weight first.
  private static final double TOLERANCE = 1e-4;

  private static final Path ROOT = GoldenData.ROOT.resolve("adapters");

  /// Every map; rsLoRA with other ranks and alphas by pattern; a trained embedding whose head is
  /// tied to it, is not, or is trained apart; an updated embedding; trained biases.
  @ParameterizedTest
  @ValueSource(strings = {"plain", "patterns", "tied", "apart", "both", "embedding", "bias"})
  void theLogitsArePeftsAndNotTheBases(String name) {
    Path adapter = ROOT.resolve(name);
    try (SafetensorsFile file = SafetensorsFile.open(adapter.resolve("expected.safetensors"));
        Runs found = Runs.fast(adapter);
        Runs given = Runs.fast(new ModelParts(ROOT.resolve("base"), List.of(adapter)));
        Runs base = Runs.fast(ROOT.resolve("base"))) {
      int[] ids = GoldenData.ids(file.tensor("input_ids"));
      float[] expected = file.tensor("logits").toFloats();
      float[] logits = found.logits("none", ids, ids.length);
      assertThat(Runs.maxDifference(logits, expected)).isLessThanOrEqualTo(TOLERANCE);
      assertThat(given.logits("none", ids, ids.length)).isEqualTo(logits);
      assertThat(Runs.maxDifference(base.logits("none", ids, ids.length), expected))
          .isGreaterThan(0.01);
    }
  }
}
