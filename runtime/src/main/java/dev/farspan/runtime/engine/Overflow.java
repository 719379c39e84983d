package dev.farspan.runtime.engine;

/// What happens to a prompt that is longer than its method or the asked context holds.
public enum Overflow {
  /// The request is refused.
  ERROR,
  /// The rest is streamed: attention sinks and the latest window stay visible (StreamingLLM).
  STREAM,
  /// The request runs as it is, past what the method is meant for.
  IGNORE
}
