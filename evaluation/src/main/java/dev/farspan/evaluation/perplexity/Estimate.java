package dev.farspan.evaluation.perplexity;

/// A mean and how sure it is.
///
/// @param mean the mean
/// @param interval its 95 % confidence interval
public record Estimate(double mean, Interval interval) {}
