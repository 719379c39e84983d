package dev.farspan.cli.hub;

import java.io.Serial;

/// The hub has no such thing, refuses it, or sent something else than it promised.
public final class HubException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /// Says what went wrong.
  ///
  /// @param problem one sentence: what, where, and what to do
  public HubException(String problem) {
    super(problem);
  }

  /// Says what went wrong, as another exception found it.
  ///
  /// @param problem one sentence: what, where, and what to do
  /// @param cause the exception that found it
  public HubException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
