package dev.farspan.cli;

import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Token ids, on the command line or in a file.
final class TokenIdArguments {
  @Option(
      names = "--ids",
      required = true,
      paramLabel = "1,2,3",
      description = "Token ids with commas between them.")
  private @Nullable String ids;

  @Option(
      names = "--ids-file",
      required = true,
      paramLabel = "FILE",
      description =
          "A file of token ids: separated by blanks, line breaks or commas, or a JSON list.")
  private @Nullable Path file;

  int[] read() {
    return file == null
        ? parse(String.valueOf(ids), "--ids")
        : parse(Texts.read(file), file.toString());
  }

  static int[] parse(String text, String source) {
    String stripped = text.strip();
    boolean list = stripped.startsWith("[") && stripped.endsWith("]");
    String numbers = list ? stripped.substring(1, stripped.length() - 1) : stripped;
    int[] ids =
        Arrays.stream(numbers.split("[\\s,]+", -1))
            .filter(word -> !word.isEmpty())
            .mapToInt(word -> id(word, source))
            .toArray();
    if (ids.length == 0) {
      throw new IllegalArgumentException(source + " holds no token ids: give at least one");
    }
    return ids;
  }

  private static int id(String word, String source) {
    try {
      int id = Integer.parseInt(word);
      if (id >= 0) {
        return id;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IllegalArgumentException(
        "%s holds '%s' where a token id is expected".formatted(source, abbreviated(word)));
  }

  private static String abbreviated(String word) {
    return word.length() <= 20 ? word : word.substring(0, 20) + "...";
  }
}
