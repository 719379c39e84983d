package dev.farspan.tokenizer.jinja;

/// A template that cannot be parsed or rendered, or that refused its input with `raise_exception`.
public final class TemplateException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /// Creates the exception.
  ///
  /// @param message what is wrong, where known with its line
  public TemplateException(String message) {
    super(message);
  }

  static TemplateException at(int line, String message) {
    return new TemplateException("chat template, line " + line + ": " + message);
  }
}
