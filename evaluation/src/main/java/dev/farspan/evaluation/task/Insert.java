package dev.farspan.evaluation.task;

/// Something hidden in the filling: a needle.
///
/// @param text the piece, with the white space that sets it off
/// @param depth where, in percent of the filling
public record Insert(String text, double depth) {}
