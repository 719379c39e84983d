package dev.farspan.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Which options stand on the command line.
///
/// @param command the command that was read
record Given(CommandSpec command) {
  boolean has(String option) {
    return command.commandLine().getParseResult().hasMatchedOption(option);
  }

  /// Refuses options that would have no effect.
  ///
  /// @throws ParameterException if one is there: its name and why
  void refuse(List<String> options, String why) {
    options.stream()
        .filter(this::has)
        .findFirst()
        .ifPresent(
            option -> {
              throw new ParameterException(command.commandLine(), option + " " + why);
            });
  }
}
