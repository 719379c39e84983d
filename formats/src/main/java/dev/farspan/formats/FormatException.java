package dev.farspan.formats;

import java.io.Serial;

/// A file is not what it should be: damaged, hostile, of another format, or of a kind that is not
/// supported. The message is one sentence that starts with the file's name. Failures of the machine
/// (no permission, no space) are [java.io.UncheckedIOException] instead.
public final class FormatException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /// Says what is wrong with a file.
  ///
  /// @param file the file's name
  /// @param problem what is wrong, where, and what to do
  public FormatException(String file, String problem) {
    super(file + ": " + problem);
  }

  /// Says what is wrong with a file, as another exception found it.
  ///
  /// @param file the file's name
  /// @param problem what is wrong, where, and what to do
  /// @param cause the exception that found it
  public FormatException(String file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
