package dev.farspan.cli;

import java.nio.file.Path;
import java.util.Map;

/// What the command line knows of the machine it runs on, so that tests can stand in for it.
///
/// @param environment the environment variables
/// @param terminal whether standard error is a terminal
/// @param outTerminal whether standard output is one
record Host(Map<String, String> environment, boolean terminal, boolean outTerminal) {
  /// Set by the launcher: Java itself cannot tell where its streams go.
  private static final String TERMINAL = "farspan.stderr.terminal";

  private static final String OUT_TERMINAL = "farspan.stdout.terminal";

  static Host ofProcess() {
    return new Host(
        System.getenv(), Boolean.getBoolean(TERMINAL), Boolean.getBoolean(OUT_TERMINAL));
  }

  ModelStore store() {
    return ModelStore.of(environment);
  }

  /// Where what belongs to a model is kept when it cannot be beside it.
  Path state() {
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return Path.of(home, ".farspan", "advice");
  }

  /// Whether results may be coloured: on a terminal, unless NO_COLOR (no-color.org) says otherwise.
  boolean colour() {
    return outTerminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /// Whether errors are to be shown with their stack trace.
  boolean debug() {
    return environment.getOrDefault("FARSPAN_DEBUG", "").equals("1");
  }
}
