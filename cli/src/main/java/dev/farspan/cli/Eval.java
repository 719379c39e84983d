package dev.farspan.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `farspan eval`: the parent of the evaluations.
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = "Measures what context methods do to a model; one kind of evaluation each.",
    footer = {
      "",
      "Example:",
      "  farspan eval perplexity MODEL --file long.txt --lengths 4k,8k --methods none,auto --out results"
    })
final class Eval implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  /// Without a kind there is nothing to do but to say which there are.
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }
}
