package dev.farspan.context.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The findings of one configuration, as they are made.
public final class Findings {
  private final List<Finding> list = new ArrayList<>();

  /// Starts without findings.
  public Findings() {}

  /// Adds a finding that forbids running the model.
  ///
  /// @param key path of the setting
  /// @param message what is wrong with it and what to do
  public void error(String key, String message) {
    list.add(new Finding(Finding.Severity.ERROR, key, message));
  }

  /// Adds a finding that the owner should know.
  ///
  /// @param key path of the setting
  /// @param message what is odd about it and what is done about it
  public void warn(String key, String message) {
    list.add(new Finding(Finding.Severity.WARNING, key, message));
  }

  /// Returns the findings so far.
  ///
  /// @return a copy, in the order they were made
  public List<Finding> list() {
    return List.copyOf(list);
  }

  /// Returns all errors so far as one sentence.
  ///
  /// @return the sentence, or empty if there is no error
  public Optional<String> errors() {
    List<String> errors =
        list.stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .map(Finding::sentence)
            .toList();
    return errors.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", errors));
  }
}
