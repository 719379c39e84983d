package dev.farspan.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The `farspan` command: the names of all commands and what is common to them.
@Command(
    name = "farspan",
    version = "farspan 0.1.0-SNAPSHOT",
    mixinStandardHelpOptions = true,
    description =
        "Makes pretrained RoPE language models read far beyond the context they were trained for.")
final class Main implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  /// Without a command there is nothing to do but to say what there is.
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }
}
