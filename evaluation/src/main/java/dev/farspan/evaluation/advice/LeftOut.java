package dev.farspan.evaluation.advice;

/// A reading that the budget had no time for.
///
/// @param method the context method
/// @param length tokens it would have read
/// @param seconds how long that would have taken
public record LeftOut(String method, int length, double seconds) {}
