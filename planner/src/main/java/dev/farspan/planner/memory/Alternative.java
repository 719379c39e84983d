package dev.farspan.planner.memory;

/// Another request that fits, and what it takes.
///
/// @param kind what was changed
/// @param request the request
/// @param plan its memory
public record Alternative(Kind kind, Request request, MemoryPlan plan) {
  /// What was changed.
  public enum Kind {
    /// Keys and values are stored in a smaller type.
    CACHE_TYPE,
    /// Only the first and the latest tokens stay visible.
    METHOD,
    /// Fewer tokens.
    CONTEXT,
    /// Fewer tokens, in the smallest type.
    CONTEXT_AND_CACHE_TYPE,
    /// Fewer sequences at once.
    BATCH
  }
}
