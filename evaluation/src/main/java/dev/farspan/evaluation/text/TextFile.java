package dev.farspan.evaluation.text;

/// A text and what to call it.
///
/// @param name the file's name, inside its directory where it came from one
/// @param text its content
public record TextFile(String name, String text) {}
