package dev.farspan.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Turns whatever goes wrong into one sentence and an exit code: 1 for what failed, 2 for wrong
/// usage.
record Errors(Host host) implements IExecutionExceptionHandler, IParameterExceptionHandler {
  static final String DEBUG = "--debug";

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    report(e, command.getErr(), host.debug() || command.getParseResult().hasMatchedOption(DEBUG));
    return ExitCode.SOFTWARE;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(
        "farspan: "
            + oneLine(e.getMessage()).replaceFirst("^Error: ", "")
            + "; see '"
            + command.getCommandSpec().qualifiedName()
            + " --help'");
    if (host.debug()) {
      e.printStackTrace(err);
    }
    err.flush();
    return ExitCode.USAGE;
  }

  /// Reports what ends the process: no memory, no native library.
  int handle(Error e, CommandLine command) {
    report(e, command.getErr(), host.debug());
    return ExitCode.SOFTWARE;
  }

  /// Reports a standard output that did not take everything: a full disk, a closed pipe.
  int lostOutput(CommandLine command) {
    PrintWriter err = command.getErr();
    err.println(
        "farspan: standard output could not be written to its end: check the disk or the program"
            + " that reads it");
    err.flush();
    return ExitCode.SOFTWARE;
  }

  private static void report(Throwable e, PrintWriter err, boolean debug) {
    err.println("farspan: " + sentence(e));
    if (debug) {
      e.printStackTrace(err);
    }
    err.flush();
  }

  static String sentence(Throwable e) {
    return switch (e) {
      case NoSuchFileException io -> "there is no file " + io.getFile() + ": check the name";
      case AccessDeniedException io ->
          "access to " + io.getFile() + " is denied: check permissions";
      case NotDirectoryException io -> io.getFile() + " is not a directory";
      case FileSystemException io ->
          io.getFile() + ": " + (io.getReason() == null ? io : io.getReason());
      // The file that is missing is one that was to be made: its place takes none.
      case UncheckedIOException io
          when io.getCause() instanceof NoSuchFileException
              && String.valueOf(io.getMessage()).matches("cannot (write|make) .*") ->
          oneLine(io.getMessage()) + ": the system makes no file there; name another place";
      case UncheckedIOException io when bare(io) -> cause(io);
      case UncheckedIOException io when !String.valueOf(io.getMessage()).contains(": ") ->
          oneLine(io.getMessage()) + ": " + cause(io); // it says where, the cause why
      case OutOfMemoryError _ ->
          "out of memory (%s): free some, take --cache-type f16, or allow a larger heap with FARSPAN_JAVA_OPTS=-Xmx..."
              .formatted(e.getMessage());
      case NullPointerException _, IndexOutOfBoundsException _, ClassCastException _ -> internal(e);
      default ->
          e.getMessage() == null || e instanceof Error ? internal(e) : oneLine(e.getMessage());
    };
  }

  /// Whether it says no more than its cause.
  private static boolean bare(UncheckedIOException e) {
    return String.valueOf(e.getCause()).equals(e.getMessage());
  }

  private static String cause(Throwable e) {
    Throwable cause = e.getCause();
    return cause == null ? internal(e) : sentence(cause);
  }

  private static String internal(Throwable e) {
    return "internal error, %s (%s): run it again with %s and report what it prints"
        .formatted(e.getClass().getSimpleName(), oneLine(String.valueOf(e.getMessage())), DEBUG);
  }

  private static String oneLine(@Nullable String message) {
    String text = String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    // Sentences of libraries end with a period; ours, which something may follow, do not.
    return text.endsWith(".") && !text.toLowerCase(Locale.ROOT).endsWith("...")
        ? text.substring(0, text.length() - 1)
        : text;
  }
}
