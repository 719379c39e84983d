package dev.farspan.evaluation.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.task.run.ExamCell;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The text's blocks differ in difficulty by far more than the methods do.
class VerdictTest {
  private static final int LENGTH = 1024;
  private static final String DYNAMIC = "dynamic-yarn";
  private static final String YARN = "yarn:factor=4";
  private static final String STREAMING = "streaming:sinks=4,window=252";

  private final FakeReadings readings = new FakeReadings();
  private final List<ExamCell> needles = new ArrayList<>();

  @BeforeEach
  void theModelAloneFallsApart() {
    readings.losses.put("none", at -> text(at) + (at < 256 ? 0 : 3));
    readings.blind = List.of(STREAMING);
  }

  private static double text(int context) {
    return 3 + Math.sin(context);
  }

  /// A loss that is higher than the text's by a constant beyond the trained length, give or take.
  private static FakeReadings.Loss beyond(double more) {
    return at -> text(at) + (at < 256 ? 0 : more + 0.05 * Math.cos(3 * at));
  }

  private Field field(String... methods) {
    List<MethodSpec> specs = Stream.of(methods).map(MethodSpec::parse).toList();
    specs.forEach(method -> readings.read(method, LENGTH));
    readings.read(MethodSpec.parse("none"), LENGTH);
    return new Field(
        FakeReadings.TRAINED,
        MethodSpec.parse("none"),
        new Race.Outcome(LENGTH, specs, List.of()),
        readings,
        needles);
  }

  private void finds(String method, int found) {
    List<ExamCell.Answer> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      answers.add(new ExamCell.Answer("", "", i < found ? 1 : 0, 0, 5));
    }
    needles.add(new ExamCell("niah", method, LENGTH, 5, 0, answers, 1));
  }

  private static void is(Field field, String method, String... sentences) {
    Verdict verdict = Verdict.of(field);
    assertThat(verdict.method().text()).isEqualTo(method);
    String all = String.join("\n", Reasons.of(field, verdict));
    for (String sentence : sentences) {
      assertThat(all).contains(sentence);
    }
  }

  @Test
  void theLowestLossWinsWhereItIsSure() {
    readings.losses.put(DYNAMIC, beyond(0.2));
    readings.losses.put(YARN, at -> text(at) + 0.1);
    is(
        field(YARN, DYNAMIC),
        YARN,
        "that is 2.900 less than none on tokens 256-1,024 (95 % interval 2.900 to 2.900)",
        "it loses 0.100 nats a token more than none; auto takes none there");
  }

  @Test
  void ofMethodsThatCannotBeToldApartTheOneThatCostsShortPromptsNothingIsTaken() {
    readings.losses.put(YARN, at -> text(at) + 0.1);
    readings.losses.put(DYNAMIC, beyond(0.1005)); // its interval holds 0
    is(
        field(YARN, DYNAMIC),
        DYNAMIC,
        "yarn:factor=4 cannot be told from it",
        "within the trained length of 256 tokens it loses nothing");
  }

  @Test
  void theModelAloneIsTakenWhereNothingReadsBetter() {
    readings.losses.put("none", at -> text(at) + (at < 256 ? 0 : 0.0995));
    readings.losses.put(DYNAMIC, beyond(0.1));
    is(
        field(DYNAMIC, "none"),
        "none",
        "that is the model as it is, and no method measured reads better for sure");
  }

  @Test
  void whatCostsMoreMustGainForSure() {
    readings.costs.put(DYNAMIC, 2.0);
    readings.losses.put(DYNAMIC, beyond(0.1));
    readings.losses.put(STREAMING, beyond(0.1));
    is(
        field(DYNAMIC, STREAMING),
        STREAMING,
        "it does not see the whole text at once: what it leaves out of sight it cannot recall");
  }

  @Test
  void aSureGainIsWorthItsCost() {
    readings.costs.put(DYNAMIC, 2.0);
    readings.losses.put(DYNAMIC, beyond(0.05));
    readings.losses.put(STREAMING, beyond(0.1));
    is(field(DYNAMIC, STREAMING), DYNAMIC);
  }

  @Test
  void whoFindsFewerNeedlesIsOutHoweverLowItsLoss() {
    readings.losses.put(STREAMING, beyond(0));
    readings.losses.put(DYNAMIC, beyond(0.1));
    finds(STREAMING, 1);
    finds(DYNAMIC, 7);
    Field field = field(STREAMING, DYNAMIC);
    is(
        field,
        DYNAMIC,
        "it finds 7 of 8 needles in 1,024 tokens",
        "streaming:sinks=4,window=252 finds 1 only");
    assertThat(Verdict.of(field).blind()).hasSize(1);
  }

  @Test
  void needlesThatNobodyOrNearlyAllFindDecideNothing() {
    readings.losses.put(STREAMING, beyond(0));
    readings.losses.put(DYNAMIC, beyond(0.1));
    finds(STREAMING, 0);
    finds(DYNAMIC, 0);
    is(
        field(STREAMING, DYNAMIC),
        STREAMING,
        "no method found a needle, so needles decided nothing");
    needles.clear();
    finds(STREAMING, 7);
    finds(DYNAMIC, 8);
    is(field(STREAMING, DYNAMIC), STREAMING);
    assertThat(Collections.max(field(DYNAMIC).found(MethodSpec.parse(DYNAMIC)))).isEqualTo(1);
  }
}
