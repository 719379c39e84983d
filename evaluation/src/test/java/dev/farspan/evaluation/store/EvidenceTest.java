package dev.farspan.evaluation.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.evaluation.LossCurve;
import dev.farspan.evaluation.LossCurve.Band;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceTest {
  private static final int TRAINED = 100;

  @TempDir Path directory;

  /// Bands of 50 positions.
  private static LossCurve curve(String method, double... losses) {
    List<Band> bands = new ArrayList<>();
    for (int b = 0; b < losses.length; b++) {
      bands.add(new Band(50 * b, 50 * (b + 1), losses[b], 50));
    }
    return new LossCurve(method, 0, bands);
  }

  private static Evidence evidence(LossCurve... curves) {
    return new Evidence("model", "text", "F16", TRAINED, List.of(curves));
  }

  @Test
  void theBestMethodIsTheOneWithTheLowestLossBeyondTheTrainedLength() {
    Evidence evidence =
        evidence(curve("none", 1, 1, 5, 6), curve("yarn", 2, 2, 3, 3), curve("ntk", 2, 2, 2, 5));
    assertThat(evidence.bestMethod(200)).contains("yarn");
    assertThat(evidence.bestMethod(150)).contains("ntk");
    assertThat(evidence.bestMethod(101)).contains("ntk");
  }

  @Test
  void withinTheTrainedLengthThereIsNothingToChoose() {
    assertThat(evidence(curve("none", 1, 1, 5)).bestMethod(100)).isEmpty();
  }

  @Test
  void methodsNotMeasuredSoFarDoNotCount() {
    Evidence evidence = evidence(curve("short", 1, 1, 1), curve("far", 2, 2, 2, 2));
    assertThat(evidence.bestMethod(150)).contains("short");
    assertThat(evidence.bestMethod(151)).contains("far");
    assertThat(evidence.bestMethod(201)).isEmpty();
  }

  @Test
  void autoIsNoMethodToChoose() {
    assertThat(evidence(curve("auto", 1, 1, 1)).bestMethod(150)).isEmpty();
  }

  @Test
  void aBandThatBeginsInsideTheTrainedLengthDoesNotCount() {
    Evidence evidence =
        new Evidence(
            "model", "text", "F16", 120, List.of(curve("a", 1, 1, 9), curve("b", 1, 1, 8)));
    assertThat(evidence.bestMethod(150)).isEmpty();
  }

  @Test
  void evidenceIsReadAsItWasWritten() {
    Path model = directory.resolve("small.gguf");
    assertThat(Evidence.read(model)).isEmpty();
    Evidence evidence = evidence(curve("none", 1.25, 1 / 3.0, 5));
    evidence.writeBeside(model);
    assertThat(directory.resolve("small.gguf.farspan.json")).exists();
    assertThat(Evidence.read(model)).contains(evidence);
  }

  @Test
  void aLaterRunOnTheSameTextAddsItsMethodsAndReplacesOldCurves() {
    Path model = directory.resolve("small.gguf");
    evidence(curve("none", 1, 1, 5), curve("ntk", 1, 1, 4)).writeBeside(model);
    evidence(curve("yarn", 1, 1, 3), curve("none", 1, 1, 6)).writeBeside(model);
    assertThat(Evidence.read(model))
        .contains(evidence(curve("yarn", 1, 1, 3), curve("none", 1, 1, 6), curve("ntk", 1, 1, 4)));
  }

  @Test
  void curvesOfAnotherTextModelOrCutAreNotMixed() {
    Evidence old = evidence(curve("none", 1, 1, 5));
    Evidence otherText =
        new Evidence("model", "other", "F16", TRAINED, List.of(curve("yarn", 1, 1, 3)));
    assertThat(old.with(otherText)).isEqualTo(otherText);
    Evidence otherCut = evidence(curve("yarn", 1, 1, 3, 3));
    assertThat(old.with(otherCut)).isEqualTo(otherCut);
  }

  @Test
  void aDamagedFileIsRefused() throws IOException {
    Path model = directory.resolve("small.gguf");
    for (String text : List.of("{\"methods\":[]}", "{", "[]", "{\"methods\":[{\"method\":7}]}")) {
      Files.writeString(Evidence.fileOf(model), text);
      assertThatIllegalArgumentException()
          .as(text)
          .isThrownBy(() -> Evidence.read(model))
          .withMessageContaining("small.gguf.farspan.json does not hold measured curves");
    }
  }
}
