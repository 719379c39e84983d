package dev.farspan.cli;

import dev.farspan.runtime.sample.SamplingOptions;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How tokens are drawn. The default is the likeliest token, so that the same request gives the
/// same text.
final class SamplingArguments {
  private static final List<String> OF_CHANCE = List.of("--top-k", "--top-p", "--min-p", "--seed");

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = {
        "Randomness; default: 0, the likeliest token always.",
        "--top-k, --top-p, --min-p and --seed need one above 0."
      })
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description = "Draw from the N likeliest tokens; default: 0, from all.")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "X",
      description = "Draw from the likeliest tokens that hold this probability; default: 1, all.")
  private double topP = 1;

  @Option(
      names = "--min-p",
      paramLabel = "X",
      description = "Drop tokens below this share of the likeliest one's probability; default: 0.")
  private double minP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description = "Make tokens that occurred less likely; default: 1, not at all.")
  private double repetitionPenalty = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Start of the random numbers; default: 0.")
  private long seed;

  /// The options together.
  ///
  /// @throws ParameterException if one is out of range, or has no effect since nothing is drawn
  SamplingOptions options() {
    SamplingOptions options = inRange();
    if (options.greedy()) {
      new Given(command)
          .refuse(OF_CHANCE, "has no effect at --temperature 0: give a --temperature, such as 0.8");
    }
    return options;
  }

  private SamplingOptions inRange() {
    try {
      return new SamplingOptions(temperature, topK, topP, minP, repetitionPenalty, seed);
    } catch (IllegalArgumentException e) {
      throw usage("--" + e.getMessage());
    }
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(command.commandLine(), sentence);
  }
}
