package dev.farspan.evaluation.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.LossCurve;
import dev.farspan.evaluation.LossCurve.Band;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    return new Evidence("model", "text", "F16", TRAINED, List.of(curves), Optional.empty());
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
            "model",
            "text",
            "F16",
            120,
            List.of(curve("a", 1, 1, 9), curve("b", 1, 1, 8)),
            Optional.empty());
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
        new Evidence(
            "model", "other", "F16", TRAINED, List.of(curve("yarn", 1, 1, 3)), Optional.empty());
    assertThat(old.with(otherText)).isEqualTo(otherText);
    Evidence otherCut = evidence(curve("yarn", 1, 1, 3, 3));
    assertThat(old.with(otherCut)).isEqualTo(otherCut);
  }

  private static Evidence advised(String method) {
    Advice advice =
        new Advice(
            MethodSpec.parse(method), 400, LocalDate.parse("2026-11-28"), "a.txt", "it was best");
    return new Evidence("model", "other", "F16", TRAINED, List.of(), Optional.of(advice));
  }

  @Test
  void anAdviceCoversWhatWasReadBeyondTheTrainedLength() {
    Evidence evidence = advised("yarn:factor=4");
    assertThat(evidence.adviceFor(TRAINED)).isEmpty();
    assertThat(evidence.adviceFor(TRAINED + 1)).isPresent();
    assertThat(evidence.adviceFor(400)).isPresent();
    assertThat(evidence.adviceFor(401)).isEmpty();
  }

  @Test
  void anAdviceAndCurvesStandBesideEachOther() {
    Path model = directory.resolve("small.gguf");
    Evidence curves = evidence(curve("none", 1, 1, 5));
    curves.writeBeside(model);
    advised("yarn:factor=2").writeBeside(model);
    advised("yarn:factor=4").writeBeside(model);
    curves.writeBeside(model);
    Evidence both = Evidence.read(model).orElseThrow();
    assertThat(both.curves()).isEqualTo(curves.curves());
    assertThat(both.text()).isEqualTo("text");
    assertThat(both.advice()).isEqualTo(advised("yarn:factor=4").advice());
    Evidence other =
        new Evidence("another", "text", "F16", TRAINED, curves.curves(), Optional.empty());
    assertThat(both.with(other)).isEqualTo(other);
  }

  @Test
  void aDamagedFileIsRefused() throws IOException {
    Path model = directory.resolve("small.gguf");
    evidence(curve("none", 1, 1, 5)).with(advised("yarn:factor=2")).writeBeside(model);
    String whole = Files.readString(Evidence.fileOf(model));
    for (String text :
        List.of(
            "{\"methods\":[]}",
            "{",
            "[]",
            "{\"methods\":[{\"method\":7}]}",
            whole.replace("yarn:factor=2", "yarn:factor=x"),
            whole.replace("2026-11-28", "2026-11-31"),
            whole.replace("\"reason\"", "\"cause\""))) {
      Files.writeString(Evidence.fileOf(model), text);
      assertThatIllegalArgumentException()
          .as(text)
          .isThrownBy(() -> Evidence.read(model))
          .withMessageContaining("small.gguf.farspan.json does not hold measured curves");
    }
  }
}
