package dev.farspan.evaluation.advice;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.perplexity.Perplexities;

/// Something that reads the first tokens of a text under a method.
public interface Readings {
  /// Reads, unless it has been read.
  ///
  /// @param method the context method
  /// @param length tokens of the text
  void read(MethodSpec method, int length);

  /// Returns how long a reading takes, as far as is known without trying.
  ///
  /// @param method the context method
  /// @param length tokens of the text
  /// @return seconds
  double predict(MethodSpec method, int length);

  /// Returns whether the last of so many tokens sees all before it.
  ///
  /// @param method the context method
  /// @param length tokens of the text
  /// @return whether nothing is out of sight
  boolean seesAll(MethodSpec method, int length);

  /// Returns what all readings measured.
  ///
  /// @return their losses and what they took
  Perplexities losses();
}
