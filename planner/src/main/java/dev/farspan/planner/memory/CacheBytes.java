package dev.farspan.planner.memory;

/// What the KV cache of one sequence has allocated when it ends. Pages that were dropped are used
/// again and never given back, so this is also its peak.
///
/// @param pages pages of the cache's type, of all layers
/// @param exactPages pages of floats that wait to be quantised
/// @param pageBytes what one of the former takes
/// @param exactPageBytes what one of the latter takes
public record CacheBytes(long pages, long exactPages, long pageBytes, long exactPageBytes) {
  /// Returns the whole.
  ///
  /// @return bytes outside the heap
  /// @throws ArithmeticException if they are more than a long can count
  public long total() {
    return Math.addExact(
        Math.multiplyExact(pages, pageBytes), Math.multiplyExact(exactPages, exactPageBytes));
  }
}
