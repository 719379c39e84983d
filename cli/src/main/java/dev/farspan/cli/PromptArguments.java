package dev.farspan.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What is to be continued.
final class PromptArguments {
  @Option(
      names = {"-p", "--prompt"},
      required = true,
      paramLabel = "TEXT",
      description = "The prompt.")
  private @Nullable String text;

  @Option(
      names = "--file",
      required = true,
      paramLabel = "F",
      description = "A UTF-8 text file to continue.")
  private @Nullable Path file;

  boolean isFile() {
    return file != null;
  }

  String read() {
    if (file != null) {
      String content = Texts.read(file);
      if (content.isEmpty()) {
        throw new IllegalArgumentException(file + " is empty: there is nothing to continue");
      }
      return content;
    }
    String prompt = String.valueOf(text);
    if (prompt.isEmpty()) {
      throw new IllegalArgumentException("the prompt is empty: give some text with -p or --file");
    }
    // Java decodes arguments by the locale, and has lost what that cannot express.
    if (prompt.indexOf('\uFFFD') >= 0) {
      throw new IllegalArgumentException(
          "the prompt holds characters that the locale cannot express: set LC_ALL=C.UTF-8, or use --file");
    }
    return prompt;
  }
}
