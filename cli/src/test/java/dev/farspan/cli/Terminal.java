package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;

/// Runs commands as a shell would, in this JVM, with captured streams.
record Terminal(Map<String, String> environment, boolean interactive) {
  record Outcome(int exit, String out, String err) {
    /// Asserts that the command failed with one sentence.
    void hasFailed(int exit, String sentence) {
      assertThat(err).contains(sentence).startsWith("farspan: ").hasLineCount(1);
      assertThat(this.exit).isEqualTo(exit);
    }
  }

  static Terminal withStore(Object directory) {
    return new Terminal(Map.of("FARSPAN_MODELS", directory.toString()), false);
  }

  Terminal with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Terminal(more, interactive);
  }

  Outcome run(Object... words) {
    String[] arguments = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine command =
        Main.commandLine(new Host(environment, interactive, interactive), arguments)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
    int exit = Main.run(command, arguments);
    command.getOut().flush();
    command.getErr().flush();
    return new Outcome(exit, out.toString(), err.toString());
  }
}
