package dev.farspan.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A part of docs/benchmarks.md that a program writes, between two marks of its name.
///
/// @param name as in `<!-- name: begin -->`
record MarkedSection(String name) {
  private static final Path PAGE = Path.of("docs/benchmarks.md");
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /// Replaces what stands between the marks.
  ///
  /// @param root the repository
  /// @param text what is to stand there
  void write(Path root, String text) {
    Path page = root.resolve(PAGE);
    String first = "<!-- " + name + ": begin -->";
    String last = "<!-- " + name + ": end -->";
    try {
      String all = Files.readString(page);
      int begin = all.indexOf(first);
      int end = all.indexOf(last);
      if (begin < 0 || end < begin) {
        throw new IllegalStateException(
            page + " needs the lines '" + first + "' and '" + last + "', in this order");
      }
      replace(page, all.substring(0, begin) + first + "\n\n" + text + "\n" + all.substring(end));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + page, e);
    }
  }

  /// Replaces a file, whole or not at all.
  static void replace(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(temporary, text);
    Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /// The processor's name, where the system tells it.
  static String processor() {
    try (var lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch"); // not on this system
    }
  }
}
