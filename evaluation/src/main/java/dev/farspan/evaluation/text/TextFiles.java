package dev.farspan.evaluation.text;

import dev.farspan.formats.text.PlainText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/// Reads texts.
///
/// A file is a text if it is UTF-8 without a NUL. Below a directory others are left out, and named;
/// so are, without a word, files and directories whose names begin with a dot. The order is that of
/// the names.
public final class TextFiles {
  private static final int NAMED = 5;

  private final Consumer<String> notes;

  /// Makes a reader.
  ///
  /// @param notes hears what was left out
  public TextFiles(Consumer<String> notes) {
    this.notes = notes;
  }

  /// Returns the texts of a file or a directory.
  ///
  /// @param path a text file, or a directory whose text files are read, those of its directories
  ///   too
  /// @return one text for each file
  /// @throws IllegalArgumentException if the file is no text or the directory holds none
  /// @throws UncheckedIOException if a file cannot be read
  public List<TextFile> read(Path path) {
    if (Files.isDirectory(path)) {
      return directory(path);
    }
    return List.of(
        new TextFile(
            String.valueOf(path.getFileName()),
            text(path)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            path
                                + " is a binary file or not UTF-8: name a text file, or convert it,"
                                + " with iconv for example"))));
  }

  /// Returns a code base as one text: every file after a line with its path.
  ///
  /// @param directory its root
  /// @return the files joined
  /// @throws IllegalArgumentException if the directory holds no text or is no directory
  /// @throws UncheckedIOException if a file cannot be read
  public TextFile codeBase(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          directory + " is no directory: name the root of a code base");
    }
    StringBuilder all = new StringBuilder();
    for (TextFile file : directory(directory)) {
      all.append("// file: ").append(file.name()).append('\n').append(file.text());
      all.append(file.text().endsWith("\n") ? "\n" : "\n\n");
    }
    return new TextFile(
        String.valueOf(directory.toAbsolutePath().normalize().getFileName()), all.toString());
  }

  private List<TextFile> directory(Path directory) {
    List<TextFile> texts = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Path file : files(directory)) {
      String name = directory.relativize(file).toString().replace('\\', '/');
      text(file)
          .ifPresentOrElse(text -> texts.add(new TextFile(name, text)), () -> others.add(name));
    }
    if (!others.isEmpty()) {
      notes.accept(
          "left out of %s, for they are binary or not UTF-8: %s%s"
              .formatted(
                  directory,
                  String.join(", ", others.subList(0, Math.min(NAMED, others.size()))),
                  others.size() > NAMED ? " and %d more".formatted(others.size() - NAMED) : ""));
    }
    if (texts.isEmpty()) {
      throw new IllegalArgumentException(
          "the directory " + directory + " holds no text file: name one that does");
    }
    return texts;
  }

  private static List<Path> files(Path directory) {
    try (var walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> !hidden(directory.relativize(file)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory, e);
    }
  }

  private static boolean hidden(Path path) {
    return StreamSupport.stream(path.spliterator(), false)
        .anyMatch(name -> name.toString().startsWith("."));
  }

  /// The content; empty if it is no text.
  private static Optional<String> text(Path file) {
    try {
      return PlainText.read(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + file + ": check the name", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
