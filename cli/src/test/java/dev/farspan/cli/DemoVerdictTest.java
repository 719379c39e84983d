package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The sentences follow from the numbers, here made up.
class DemoVerdictTest {
  private static final List<Integer> LENGTHS = List.of(256, 1024, 2048);

  /// A line whose loss at the trained length is 4.
  private static DemoLine line(String name, double last, double... found) {
    return new DemoLine(
        name,
        List.of(4.0, (4 + last) / 2, last),
        Arrays.stream(found).boxed().toList(),
        List.of(),
        1);
  }

  private static DemoVerdict verdict(DemoLine... lines) {
    return new DemoVerdict(LENGTHS, List.of(lines));
  }

  @Test
  void theModelAloneFailsOnlyWhereItsNumbersSaySo() {
    assertThat(verdict(line("none", 4.85, 95, 40, 0)).collapse())
        .isEqualTo(
            "Beyond 256 tokens it fails: the loss goes from 4.00 to 4.85 nats a token, and of the"
                + " passkeys it finds 95 % at 256 tokens and 0 % at 2,048.");
    assertThat(verdict(line("none", 3.5, 95, 40, 0)).collapse()).contains("it finds less");
    assertThat(verdict(line("none", 4.85, 95, 95, 95)).collapse()).contains("it reads worse");
    assertThat(verdict(line("none", 3.5, 95, 95, 95)).collapse()).contains("it holds up");
  }

  @Test
  void theBestMethodIsTheOneWithTheBestNumbers() {
    DemoLine none = line("none", 4.85, 95, 40, 0);
    assertThat(
            verdict(none, line("ntk:factor=8", 4.1, 90, 60, 20), line("a", 3.9, 90, 80, 70)).best())
        .isEqualTo(
            "a does best: 75 % of the passkeys beyond 256 tokens (the model alone: 20 %), and a"
                + " loss of 3.90 farthest out (alone: 4.85).");
    assertThat(
            verdict(none, line("ntk:factor=8", 3.8, 90, 90, 90), line("a", 3.9, 90, 80, 70)).best())
        .startsWith("ntk:factor=8 does best: 90 %");
  }

  @Test
  void twoMethodsAreNamedWhereOneFindsMostAndAnotherReadsBest() {
    assertThat(
            verdict(
                    line("none", 4.85, 95, 40, 0),
                    line("a", 4.1, 90, 80, 60),
                    line("b", 3.9, 90, 40, 20))
                .best())
        .isEqualTo(
            "a finds most passkeys beyond 256 tokens, 70 % (the model alone: 20 %). b reads best"
                + " farthest out, 3.90 nats a token (alone: 4.85).");
  }

  @Test
  void ofMethodsThatFindTheSameTheOneThatReadsBestIsNamed() {
    assertThat(
            verdict(
                    line("none", 4.85, 95, 40, 0),
                    line("a", 4.1, 90, 80, 60),
                    line("b", 3.9, 90, 80, 60))
                .best())
        .startsWith("b does best: 70 %");
  }

  @Test
  void aMethodThatDoesNotHelpIsNotPraised() {
    assertThat(verdict(line("none", 3.9, 95, 90, 90), line("a", 4.1, 90, 80, 60)).best())
        .isEqualTo(
            "No method finds more passkeys beyond 256 tokens than the model alone, 90 %. None reads"
                + " better farthest out than the model alone, 3.90 nats.");
  }

  @Test
  void aWindowIsBlamedOnlyWhereItReadsOnAndFindsLess() {
    DemoLine none = line("none", 4.85, 95, 40, 0);
    DemoLine best = line("a", 3.9, 90, 80, 60);
    String window = "streaming:sinks=4,window=252";
    assertThat(verdict(none, best, line(window, 3.8, 95, 10, 0)).windows())
        .containsExactly(
            "streaming:sinks=4,window=252 reads on (3.80 nats) but finds 5 %: it sees the first and"
                + " the last tokens only, and a passkey between them is gone.");
    assertThat(verdict(none, best, line(window, 5.1, 95, 10, 0)).windows()).isEmpty();
    assertThat(verdict(none, best, line(window, 3.8, 95, 90, 90)).windows()).isEmpty();
  }

  @Test
  void theFineTunedModelIsPraisedForWhatItDoesBetter() {
    DemoVerdict verdict = verdict(line("none", 4.85, 95, 40, 0), line("a", 3.9, 90, 80, 60));
    assertThat(verdict.tuned(line("long", 3.6, 95, 95, 85)))
        .isEqualTo(
            "long does better than every method above: 90 % of the passkeys beyond 256 tokens (a:"
                + " 70 %), a loss of 3.60 farthest out (a: 3.90).");
    assertThat(verdict.tuned(line("long", 3.95, 95, 95, 85)))
        .startsWith("long finds more than every method above, but does not read best:");
    assertThat(verdict.tuned(line("long", 3.6, 95, 50, 40)))
        .startsWith("long reads better than every method above, but does not find most:");
    assertThat(verdict.tuned(line("long", 3.9, 95, 80, 60)))
        .startsWith("long does not do better than the methods above:");
  }
}
