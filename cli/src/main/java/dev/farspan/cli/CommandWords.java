package dev.farspan.cli;

import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/// The command that was given, for a report to name.
final class CommandWords {
  private CommandWords() {}

  /// The command as a shell would take it.
  static String of(CommandSpec spec) {
    return spec.root().commandLine().getParseResult().originalArgs().stream()
        .map(CommandWords::quoted)
        .collect(Collectors.joining(" ", "farspan ", ""));
  }

  /// A word as a shell takes it.
  static String quoted(String argument) {
    return argument.matches("[\\w@%+=:,./-]+")
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
