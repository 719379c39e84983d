package dev.farspan.cli;

import dev.farspan.runtime.sample.SamplingOptions;
import picocli.CommandLine.Option;

/// How tokens are drawn. The default is the likeliest token, so that the same request gives the
/// same text.
final class SamplingArguments {
  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = "Randomness; default: 0, the likeliest token always.")
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

  SamplingOptions options() {
    return new SamplingOptions(temperature, topK, topP, minP, repetitionPenalty, seed);
  }
}
