package dev.farspan.cli;

import dev.farspan.evaluation.task.Passkey;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `farspan eval passkey`: a number between sentences that say nothing, or in a text.
@Command(
    name = "passkey",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Hides a number between sentences that say nothing, or with --file in that text, and asks for"
          + " it, at several lengths and depths.",
      "With --out every finished cell is kept at once, and an interrupted run goes on where it"
          + " stopped."
    },
    footer = {
      "",
      "Example:",
      "  farspan eval passkey MODEL --lengths 4k,8k,16k --methods none,dynamic-yarn --out results"
    })
final class EvalPasskey implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;
  @Mixin private final ExamRun run = new ExamRun();
  @Mixin private final DepthArguments depths = new DepthArguments();

  EvalPasskey(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    ExamRun.Request request =
        run.hasText()
            ? request(Passkey.Around.TEXT, "passkey in a text")
            : request(Passkey.Around.SENTENCES, "passkey");
    return run.run(
        spec, console, request, scores -> ExamText.heatMaps(scores, console.host().colour()));
  }

  private ExamRun.Request request(Passkey.Around around, String definition) {
    return new ExamRun.Request("passkey", List.of(new Passkey(around)), depths.all(), definition);
  }
}
