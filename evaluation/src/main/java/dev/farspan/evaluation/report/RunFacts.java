package dev.farspan.evaluation.report;

/// Where numbers come from; no report goes without.
///
/// @param model the model's name
/// @param trainedLength tokens it was trained for
/// @param text the text's name
/// @param tokens how many tokens of it were read
/// @param command the command that measured
/// @param machine processor, threads, kernels
public record RunFacts(
    String model, int trainedLength, String text, int tokens, String command, String machine) {}
