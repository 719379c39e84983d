package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MainTest {
  private final Terminal terminal = new Terminal(Map.of(), false);

  static List<String> commands() {
    return List.copyOf(Main.commandLine(new Host(Map.of(), false)).getSubcommands().keySet());
  }

  /// Surefire falls back to the class path without a word when it cannot read a module; the rules
  /// of modules would then go untested.
  @Test
  void theTestsRunInsideTheNamedModule() {
    assertThat(Main.class.getModule().getName()).isEqualTo("dev.farspan.cli");
  }

  @Test
  void anUnknownOptionIsWrongUsage() {
    var outcome = terminal.run("--no-such-option");
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("farspan: Unknown option: '--no-such-option'; see 'farspan --help'\n");
  }

  @Test
  void withoutACommandTheCommandsAreListed() {
    var outcome = terminal.run();
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.out())
        .contains("Exit codes: 0 done, 1 failed, 2 wrong usage.")
        .contains(commands());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theHelpOfEveryCommandShowsAnExample(String command) {
    var outcome = terminal.run(command, "--help");
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.out()).containsPattern("Examples?:\n  farspan " + command);
  }

  @Test
  void anErrorOfTheMachineIsOneSentence() {
    assertThat(Errors.sentence(new OutOfMemoryError("Java heap space")))
        .startsWith("out of memory (Java heap space): ");
  }

  @Test
  void aDefectSaysHowToReportIt() {
    assertThat(Errors.sentence(new NullPointerException("x is null")))
        .isEqualTo(
            "internal error, NullPointerException (x is null): run it again with --debug and report what it prints");
  }

  @Test
  void aMessageOfSeveralLinesBecomesOne() {
    assertThat(Errors.sentence(new IllegalArgumentException("one\n  two."))).isEqualTo("one two");
  }
}
