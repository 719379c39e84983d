package dev.farspan.context.method;

import dev.farspan.context.attention.AttentionPattern;

/// A context method as a request names it: `NAME[:key=value,...]`, joined by `+`.
///
/// At most one frequency policy and one attention pattern; what is not named is the file's scaling
/// and full attention. Examples: `yarn:factor=4`, `dynamic-ntk`,
/// `yarn:factor=4+streaming:sinks=4,window=1020`, `auto`.
///
/// @param text the specification as written, surrounding blanks removed
/// @param choice what it asks for
public record MethodSpec(String text, Choice choice) {

  /// What a specification asks for.
  public sealed interface Choice {
    /// The best method for the model and the length, chosen when the prompt is known.
    record Auto() implements Choice {}

    /// One frequency policy and one attention pattern.
    ///
    /// @param frequencies which frequencies are used
    /// @param pattern which keys are seen
    record Composed(Frequencies frequencies, AttentionPattern pattern) implements Choice {}
  }

  /// Reads a specification.
  ///
  /// @param text the specification
  /// @return what it says
  /// @throws IllegalArgumentException in one sentence, for an unknown method or parameter, a value
  ///   of the wrong kind, or two methods of one kind
  public static MethodSpec parse(String text) {
    String trimmed = text.strip();
    return new MethodSpec(trimmed, MethodParser.parse(trimmed));
  }

  @Override
  public String toString() {
    return text;
  }
}
