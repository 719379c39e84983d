package dev.farspan.evaluation.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.context.method.MethodSpec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Readings of 320, 640 and 1,024 tokens take 3.2, 6.4 and 10.24 seconds.
class RaceTest {
  private static final List<MethodSpec> METHODS =
      Stream.of("none", "dynamic-yarn", "ntk:factor=4", "streaming:sinks=4,window=252")
          .map(MethodSpec::parse)
          .toList();

  private final FakeReadings readings = new FakeReadings();

  @BeforeEach
  void rank() {
    readings.losses.put("none", at -> at < 256 ? 3 : 6);
    readings.losses.put("dynamic-yarn", _ -> 3.2);
    readings.losses.put("ntk:factor=4", _ -> 3.1);
    readings.losses.put("streaming:sinks=4,window=252", _ -> 3);
  }

  private Race.Outcome run(double seconds) {
    return new Race(readings, FakeReadings.TRAINED, 1024, seconds).run(METHODS);
  }

  private static List<String> names(Race.Outcome outcome) {
    return outcome.finalists().stream().map(MethodSpec::text).toList();
  }

  @Test
  void lengthsDoubleFromAQuarterBeyondTheTrainedLength() {
    assertThat(Race.rungs(256, 1024)).containsExactly(320, 640, 1024);
    assertThat(Race.rungs(8192, 16384)).containsExactly(10240, 16384);
    assertThat(Race.rungs(100, 110)).containsExactly(110);
  }

  @Test
  void withTimeInPlentyAllReadEverythingAtOnce() {
    Race.Outcome outcome = run(100);
    assertThat(readings.log).hasSize(4).allMatch(line -> line.endsWith(" 1024"));
    assertThat(names(outcome))
        .containsExactly("streaming:sinks=4,window=252", "ntk:factor=4", "dynamic-yarn", "none");
    assertThat(outcome.leftOut()).isEmpty();
  }

  @Test
  void withLittleTimeTheBetterHalfReadsOn() {
    Race.Outcome outcome = run(36);
    assertThat(readings.log.subList(0, 4)).allMatch(line -> line.endsWith(" 320"));
    assertThat(readings.log.subList(4, 6))
        .containsExactly("streaming:sinks=4,window=252 1024", "ntk:factor=4 1024");
    assertThat(outcome.length()).isEqualTo(1024);
    assertThat(outcome.leftOut()).isEmpty();
  }

  @Test
  void aMethodThatSeesTheWholeTextStaysIn() {
    readings.blind = List.of("streaming:sinks=4,window=252", "ntk:factor=4");
    Race.Outcome outcome = run(44);
    assertThat(names(outcome))
        .containsExactly("streaming:sinks=4,window=252", "ntk:factor=4", "dynamic-yarn");
  }

  @Test
  void whatTheTimeDoesNotSufficeForIsSaid() {
    Race.Outcome outcome = run(27);
    assertThat(outcome.length()).isEqualTo(640);
    assertThat(names(outcome)).hasSize(2);
    assertThat(outcome.leftOut())
        .extracting(LeftOut::method, LeftOut::length)
        .contains(
            org.assertj.core.groups.Tuple.tuple("streaming:sinks=4,window=252", 1024),
            org.assertj.core.groups.Tuple.tuple("ntk:factor=4", 1024));
    assertThat(new Race(readings, FakeReadings.TRAINED, 1024, 27).remaining()).isNotNegative();
  }

  @Test
  void whatTheFirstReadingTakesCorrectsThePredictions() {
    readings.slowness = 3;
    Race.Outcome outcome = run(45);
    assertThat(readings.log.getFirst()).isEqualTo("none 320");
    assertThat(outcome.length()).isEqualTo(320);
    assertThat(outcome.leftOut()).isNotEmpty();
    assertThat(new Race(readings, FakeReadings.TRAINED, 1024, 45).remaining()).isNotNegative();
  }

  @Test
  void aBudgetThatTwoMethodsCannotShareIsRefusedBeforeAnythingIsRead() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(6))
        .withMessage(
            "the budget is too small: of it 6 s are left to read 320 tokens, which takes about 6 s; give a larger --budget");
    assertThat(readings.log).isEmpty();
  }
}
