package dev.farspan.runtime.decode;

import java.util.TreeMap;

/// What memory tokens left of past segments.
final class Summaries {
  private final int keep;
  private final TreeMap<Integer, float[]> ofSegment = new TreeMap<>(); // (tokens, hidden) each

  Summaries(int keep) {
    this.keep = keep;
  }

  void put(int segment, float[] summary) {
    ofSegment.put(segment, summary);
  }

  /// Returns whether everything that a segment sees of the past is there.
  boolean serve(int segment) {
    return firstSeenBy(segment) == segment
        || ofSegment.subMap(firstSeenBy(segment), segment).size() == segment - firstSeenBy(segment);
  }

  /// Returns the vectors that stand before a segment (vectors, hidden), oldest first.
  float[] before(int segment) {
    var seen = ofSegment.subMap(firstSeenBy(segment), segment).values();
    float[] vectors = new float[seen.stream().mapToInt(summary -> summary.length).sum()];
    int at = 0;
    for (float[] summary : seen) {
      System.arraycopy(summary, 0, vectors, at, summary.length);
      at += summary.length;
    }
    return vectors;
  }

  /// Forgets what neither of two segments, nor a later one, sees.
  void keepFor(int held, int current) {
    ofSegment.headMap(firstSeenBy(Math.min(held, current))).clear();
    if (held < firstSeenBy(current)) {
      ofSegment.subMap(held, firstSeenBy(current)).clear();
    }
  }

  /// Forgets a segment and all after it.
  void truncate(int segment) {
    ofSegment.tailMap(segment).clear();
  }

  private int firstSeenBy(int segment) {
    return Math.max(0, segment - keep);
  }
}
