package dev.farspan.cli.progress;

/// Long work that is reported.
///
/// @param name what is being done, such as `reading`
/// @param unit what is counted
/// @param total how much there is to do, at least 1
/// @param pace whether later units take longer
public record Task(String name, Unit unit, long total, Pace pace) {
  /// Checks the total.
  public Task {
    if (total < 1) {
      throw new IllegalArgumentException("there is nothing to do in '" + name + "'");
    }
  }

  /// What is counted.
  public enum Unit {
    /// Tokens of a text.
    TOKENS,
    /// Bytes of a file.
    BYTES
  }

  /// Whether later units take longer.
  public enum Pace {
    /// All take the same time.
    STEADY,
    /// Each reads what came before it, as the tokens of a prompt do.
    SLOWING
  }
}
