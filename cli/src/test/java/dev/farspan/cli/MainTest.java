package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class MainTest {
  private final Terminal terminal = new Terminal(Map.of(), false);

  static List<String> commands() {
    return List.copyOf(
        Main.commandLine(new Host(Map.of(), false, false)).getSubcommands().keySet());
  }

  /// Surefire falls back to the class path without a word when it cannot read a module; the rules
  /// of modules would then go untested.
  @Test
  void aPlaceThatTakesNoFileIsNotCalledAMissingFile() {
    var missing = new NoSuchFileException("/proc/.x.gguf.1.tmp");
    assertThat(Errors.sentence(new UncheckedIOException("cannot write /proc/x.gguf", missing)))
        .isEqualTo("cannot write /proc/x.gguf: the system makes no file there; name another place");
    assertThat(Errors.sentence(new UncheckedIOException("cannot read notes", missing)))
        .contains("there is no file");
  }

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
  void aResultThatCouldNotBePrintedIsAFailure() {
    var full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };
    var err = new StringWriter();
    CommandLine command =
        Main.commandLine(new Host(Map.of(), false, false))
            .setOut(new PrintWriter(full, false, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err));
    assertThat(Main.run(command, "--help")).isEqualTo(1);
    assertThat(err.toString()).startsWith("farspan: standard output could not be written");
  }

  @Test
  void anErrorThatSaysOnlyWhereIsFollowedByItsReason() {
    assertThat(
            Errors.sentence(
                new UncheckedIOException("cannot write a.json", new IOException("disk full"))))
        .isEqualTo("cannot write a.json: disk full");
    assertThat(
            Errors.sentence(
                new UncheckedIOException("a: cannot be read: disk full", new IOException("b"))))
        .isEqualTo("a: cannot be read: disk full");
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
            "internal error, NullPointerException (x is null): run it again with --debug and report"
                + " what it prints");
  }

  @Test
  void aMessageOfSeveralLinesBecomesOne() {
    assertThat(Errors.sentence(new IllegalArgumentException("one\n  two."))).isEqualTo("one two");
  }
}
