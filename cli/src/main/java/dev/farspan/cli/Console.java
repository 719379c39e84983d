package dev.farspan.cli;

import dev.farspan.cli.hub.Reporter;
import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What every command shares: results on standard output, everything else on standard error.
final class Console implements Reporter {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Host host;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print results and errors only: no progress, no notes.")
  private boolean quiet;

  @Option(
      names = Errors.DEBUG,
      description = "Show errors with their stack trace; so does FARSPAN_DEBUG=1.")
  @SuppressWarnings("UnusedVariable") // Errors asks picocli whether it was given
  private boolean debug;

  Console(Host host) {
    this.host = host;
  }

  Host host() {
    return host;
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }

  /// Says something that is not a result.
  @Override
  public void note(String sentence) {
    if (!quiet) {
      err().println("farspan: " + sentence);
      err().flush();
    }
  }

  @Override
  public Progress progress(Task task, long start) {
    Progress.Style style =
        quiet
            ? Progress.Style.NONE
            : host.terminal() ? Progress.Style.TERMINAL : Progress.Style.LINES;
    return new Progress(err(), style, task, start, System::nanoTime);
  }

  void json(Object value) {
    out().println(JSON.writeValueAsString(value));
    out().flush();
  }

  private PrintWriter err() {
    return command.commandLine().getErr();
  }
}
