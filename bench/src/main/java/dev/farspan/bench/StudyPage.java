package dev.farspan.bench;

import dev.farspan.bench.FlashStudy.Cost;
import dev.farspan.bench.FlashStudy.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The section of docs/benchmarks.md on flash attention, and its picture.
///
/// @param rows what was measured
/// @param threads threads that computed
/// @param kernels which kernels computed
/// @param command what measured it
record StudyPage(List<Row> rows, int threads, String kernels, String command) {
  StudyPage {
    rows = List.copyOf(rows);
  }

  String section() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        ![Time and memory of one attention layer by length of the prompt](pictures/flash-attention.svg)

        | tokens | naive, s | flash, s | ratio | naive, memory | flash, memory |
        |--:|--:|--:|--:|--:|--:|
        """);
    rows.forEach(row -> text.append(line(row)));
    long tokens = rows.getLast().tokens();
    text.append(
        """

        One layer of SmolLM2's shape (9 query heads on 3 key/value heads of 64 elements, f32 cache) reads a whole prompt: the best of up to three runs.
        Both take the same queries and cache and use the same matrix kernels; naive attention computes all scores of one head at a time, here and in
        the rows above. Frameworks that compute all 9 heads at once take nine times its memory: %s at %,d tokens. Memory is
        what one run allocated beyond queries, cache and outputs, as the JVM counts it; in brackets by how much the use of the heap rose at most,
        which the JVM tells only to some MB.

        - %s, %d threads; %s; Java %s
        - `%s`
        """
            .formatted(
                bytes(9 * NaiveAttention.scoreBytes(tokens)),
                tokens,
                MarkedSection.processor(),
                threads,
                kernels,
                Runtime.version(),
                command));
    return text.toString();
  }

  private static String line(Row row) {
    return "| %,d | %s | %s | %s | %s | %s |\n"
        .formatted(
            row.tokens(),
            row.naive().map(cost -> seconds(cost.seconds())).orElse("-"),
            seconds(row.flash().seconds()),
            row.naive().map(c -> ratio(c.seconds() / row.flash().seconds())).orElse("-"),
            row.naive()
                .map(StudyPage::memory)
                .orElseGet(
                    () ->
                        "does not fit: "
                            + bytes(NaiveAttention.scoreBytes(row.tokens()))
                            + " of scores a head"),
            memory(row.flash()));
  }

  private static String memory(Cost cost) {
    return bytes(cost.memory().allocated()) + " (" + bytes(cost.memory().peak()) + ")";
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 1 ? "%.3f" : "%.2f", seconds);
  }

  private static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.1f", ratio);
  }

  private static String bytes(long count) {
    double bytes = (double) count;
    return bytes < 1e9
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }

  String svg() {
    ToDoubleFunction<Cost> seconds = Cost::seconds;
    ToDoubleFunction<Cost> memory = cost -> (double) cost.memory().allocated();
    return new StudyChart(rows)
        .panel("Time of one layer, seconds", seconds, value -> "%s s".formatted(plain(value)))
        .panel("Memory beyond cache and outputs", memory, StudyPage::round)
        .svg();
  }

  private static String plain(double value) {
    return value >= 1
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.valueOf(Math.round(value * 1e6) / 1e6);
  }

  private static String round(double bytes) {
    return bytes < 1e6
        ? plain(bytes / 1e3) + " kB"
        : bytes < 1e9 ? plain(bytes / 1e6) + " MB" : plain(bytes / 1e9) + " GB";
  }

  /// Writes the picture and the section.
  void write(Path root) {
    Path picture = root.resolve("docs/pictures/flash-attention.svg");
    try {
      MarkedSection.replace(picture, svg());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + picture, e);
    }
    new MarkedSection("flash").write(root, section());
  }
}
