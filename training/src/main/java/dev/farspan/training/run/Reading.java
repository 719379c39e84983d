package dev.farspan.training.run;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// How the tokens of an example are read.
public sealed interface Reading {

  /// All at once.
  record Whole() implements Reading {}

  /// Segment by segment, each behind the summaries that memory tokens left of earlier ones
  /// (AutoCompressor, arXiv 2305.14788, section 3).
  ///
  /// @param segment mean length of a segment
  /// @param vary how far lengths differ from it: a segment has a random length, so that summaries
  ///   serve segments of several
  /// @param keep of how many past segments the summaries are seen
  /// @param backprop how many summaries a gradient passes through
  record Segments(int segment, int vary, int keep, int backprop) implements Reading {
    /// Checks the values.
    ///
    /// @throws IllegalArgumentException if a segment could be empty, or a count is not positive
    public Segments {
      if (vary < 0 || vary >= segment || keep < 1 || backprop < 1) {
        throw new IllegalArgumentException(
            "segments need a variation below their length, and at least 1 summary kept and passed through by gradients, got segment=%d vary=%d keep=%d backprop=%d"
                .formatted(segment, vary, keep, backprop));
      }
    }

    /// Returns whether the graph ends with a segment: gradients pass through `backprop` summaries
    /// and stop at the next.
    ///
    /// @param index of the segment
    /// @return whether its summary is a constant to those that follow
    boolean cutsAfter(int index) {
      return (index + 1) % (backprop + 1) == 0;
    }

    /// Returns the lengths of the segments of one example.
    ///
    /// @param random decides them
    /// @param tokens how many are read
    /// @return lengths, the last one what is left
    List<Integer> draw(RandomGenerator random, int tokens) {
      List<Integer> lengths = new ArrayList<>();
      for (int left = tokens; left > 0; left -= lengths.getLast()) {
        lengths.add(Math.min(left, random.nextInt(segment - vary, segment + vary + 1)));
      }
      return lengths;
    }
  }
}
