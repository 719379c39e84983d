package dev.farspan.context.lint;

/// Something in a model's configuration that its owner should know.
///
/// @param severity whether the model may still run
/// @param key path of the setting, such as `rope_scaling.factor`
/// @param message what is wrong with it and what is done about it; `key` and `message` together are
///   one sentence
public record Finding(Severity severity, String key, String message) {

  /// Whether a model with a finding may run.
  public enum Severity {
    /// It may not: what it computes would be a guess.
    ERROR,
    /// It may: the numbers are those of transformers, and the message says which they are.
    WARNING
  }

  /// Returns the finding as one sentence.
  ///
  /// @return key and message
  public String sentence() {
    return key + " " + message;
  }
}
