package dev.farspan.evaluation.bench;

/// What is timed. Names are those of llama.cpp's `llama-bench`.
public sealed interface BenchTest {
  /// Returns the test's name.
  ///
  /// @return such as `pp512` or `tg64@d4096`
  String name();

  /// Reading a prompt into an empty session, the logits of its last token computed.
  ///
  /// @param tokens tokens of the prompt
  record Prefill(int tokens) implements BenchTest {
    /// Checks the count.
    ///
    /// @throws IllegalArgumentException if there is nothing to read
    public Prefill {
      requirePositive("a prefill", tokens);
    }

    @Override
    public String name() {
      return "pp" + tokens;
    }
  }

  /// Reading tokens one by one, the logits of each computed, as generation does.
  ///
  /// @param tokens tokens of one run
  /// @param depth tokens that the session holds before, not timed
  record Decode(int tokens, int depth) implements BenchTest {
    /// Checks the counts.
    ///
    /// @throws IllegalArgumentException if there is nothing to decode or the depth is negative
    public Decode {
      requirePositive("a decode", tokens);
      if (depth < 0) {
        throw new IllegalArgumentException("a depth must be at least 0, got " + depth);
      }
    }

    @Override
    public String name() {
      return "tg" + tokens + "@d" + depth;
    }
  }

  private static void requirePositive(String what, int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException(what + " needs at least 1 token, got " + tokens);
    }
  }
}
