package dev.farspan.training.parallel;

/// Another process of the group ended, or cannot be reached any more.
public final class LostProcessException extends IllegalStateException {
  /// What every such message says.
  public static final String SAYS = "has lost the others";

  private static final long serialVersionUID = 1;

  LostProcessException(String message, Throwable cause) {
    super(message, cause);
  }
}
