package dev.farspan.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// SmolLM2-135M (trained length 8,192) on 16,384 tokens of the Linux KVM API document, band by
/// band.
///
/// `none` and `yarn`: transformers 5.23, float32, full forward. `auto`:
/// `scripts/golden/progressive.py`, progressive YaRN in steps of an eighth of the trained length
/// (docs/decisions/0003).
@Tag("model")
@Tag("long")
class LossTableTest {
  private static final int TOKENS = 16_384;
  private static final List<Integer> ENDS =
      List.of(256, 1024, 2048, 4096, 6144, 8192, 10_240, 12_288, 14_336, 16_384);

  /// Rounding to three digits, and float32 angles at long positions in the reference.
  private static final double TOLERANCE = 0.02;

  static Stream<Arguments> curves() {
    return Stream.of(
        Arguments.of("none", 2.615, 1.642, new double[] {1.887, 2.660, 5.035, 6.743}),
        Arguments.of("yarn:factor=2", 2.656, 1.673, new double[] {1.913, 1.919, 1.938, 1.601}),
        Arguments.of("yarn:factor=4", 2.717, 1.745, new double[] {1.976, 2.027, 2.040, 1.701}),
        Arguments.of("auto", 2.615, 1.642, new double[] {1.887, 1.882, 1.941, 1.589}));
  }

  @ParameterizedTest
  @MethodSource("curves")
  void everyBandAgrees(String method, double first, double middle, double[] beyond)
      throws IOException {
    try (Model model =
        Model.open(file("FARSPAN_MODELS", "models", "smollm2-135m-instruct.q4_1.gguf"), 2)) {
      String text = Files.readString(file("FARSPAN_TEXTS", "texts", "kvm-api.rst"));
      int[] tokens = Arrays.copyOf(model.tokenizer().encode(text, false), TOKENS);
      LossCurve curve =
          Comparison.of(model.decoder(), tokens, new Bands(ENDS), CacheType.F32)
              .run(List.of(MethodSpec.parse(method)), CurveStore.NONE, ComparisonListener.NONE)
              .getFirst();
      assertThat(curve.bands().get(0).loss()).isCloseTo(first, within(TOLERANCE));
      assertThat(curve.bands().get(4).loss()).isCloseTo(middle, within(TOLERANCE));
      for (int b = 0; b < beyond.length; b++) {
        assertThat(curve.bands().get(6 + b).loss()).isCloseTo(beyond[b], within(TOLERANCE));
      }
    }
  }

  private static Path file(String variable, String folder, String name) {
    String given = System.getenv(variable);
    Path file = Path.of(given == null ? "../" + folder : given).resolve(name);
    if (!Files.exists(file)) {
      throw new IllegalStateException(file + " is missing; run scripts/get-" + folder + ".sh");
    }
    return file;
  }
}
