package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// What the demo's numbers say, in sentences; which sentence it is follows from the numbers.
///
/// @param lengths tokens of context, the trained length first
/// @param lines the methods, the model alone first
record DemoVerdict(List<Integer> lengths, List<DemoLine> lines) {
  /// Copies and checks the lists.
  DemoVerdict {
    lengths = List.copyOf(lengths);
    lines = List.copyOf(lines);
    if (lengths.size() < 2 || lines.isEmpty()) {
      throw new IllegalArgumentException("a verdict needs two lengths and the model alone");
    }
  }

  private DemoLine alone() {
    return lines.getFirst();
  }

  /// What happens to the model alone beyond its trained length.
  String collapse() {
    DemoLine model = alone();
    double first = model.losses().getFirst();
    boolean worse = model.last() > first;
    boolean lost = model.found().getLast() < model.found().getFirst();
    String what =
        worse && lost
            ? "it fails"
            : worse ? "it reads worse" : lost ? "it finds less" : "it holds up";
    return String.format(
        Locale.ROOT,
        "Beyond %s tokens %s: the loss goes from %.2f to %.2f nats a token, and of the passkeys it finds %.0f %% at %s tokens and %.0f %% at %s.",
        Amounts.count(lengths.getFirst()),
        what,
        first,
        model.last(),
        model.found().getFirst(),
        Amounts.count(lengths.getFirst()),
        model.found().getLast(),
        Amounts.count(lengths.getLast()));
  }

  /// Who finds most; of those level, who reads best.
  private DemoLine finder() {
    return lines.stream()
        .min(
            Comparator.comparingDouble(DemoLine::beyond)
                .reversed()
                .thenComparingDouble(DemoLine::last))
        .orElseThrow();
  }

  private DemoLine reader() {
    return lines.stream().min(Comparator.comparingDouble(DemoLine::last)).orElseThrow();
  }

  /// Which methods do best.
  String best() {
    return finder().equals(reader()) && !finder().equals(alone())
        ? String.format(
            Locale.ROOT,
            "%s does best: %.0f %% of the passkeys beyond %s tokens (the model alone: %.0f %%), and a loss of %.2f farthest out (alone: %.2f).",
            finder().name(),
            finder().beyond(),
            Amounts.count(lengths.getFirst()),
            alone().beyond(),
            finder().last(),
            alone().last())
        : mostFound() + " " + bestRead();
  }

  private String mostFound() {
    return finder().equals(alone())
        ? String.format(
            Locale.ROOT,
            "No method finds more passkeys beyond %s tokens than the model alone, %.0f %%.",
            Amounts.count(lengths.getFirst()),
            alone().beyond())
        : String.format(
            Locale.ROOT,
            "%s finds most passkeys beyond %s tokens, %.0f %% (the model alone: %.0f %%).",
            finder().name(),
            Amounts.count(lengths.getFirst()),
            finder().beyond(),
            alone().beyond());
  }

  private String bestRead() {
    return reader().equals(alone())
        ? String.format(
            Locale.ROOT,
            "None reads better farthest out than the model alone, %.2f nats.",
            alone().last())
        : String.format(
            Locale.ROOT,
            "%s reads best farthest out, %.2f nats a token (alone: %.2f).",
            reader().name(),
            reader().last(),
            alone().last());
  }

  /// Why a method that reads on in a window finds little, where that is what happened.
  List<String> windows() {
    return lines.stream()
        .filter(line -> line.name().startsWith("streaming"))
        .filter(line -> line.last() < alone().last() && line.beyond() < finder().beyond())
        .map(
            line ->
                String.format(
                    Locale.ROOT,
                    "%s reads on (%.2f nats) but finds %.0f %%: it sees the first and the last tokens only, and a passkey between them is gone.",
                    line.name(),
                    line.last(),
                    line.beyond()))
        .toList();
  }

  /// How a fine-tuned model compares with the best of the methods.
  String tuned(DemoLine tuned) {
    boolean finds = tuned.beyond() > finder().beyond();
    boolean reads = tuned.last() < reader().last();
    String what =
        finds && reads
            ? "does better than every method above"
            : finds
                ? "finds more than every method above, but does not read best"
                : reads
                    ? "reads better than every method above, but does not find most"
                    : "does not do better than the methods above";
    return String.format(
        Locale.ROOT,
        "%s %s: %.0f %% of the passkeys beyond %s tokens (%s: %.0f %%), a loss of %.2f farthest out (%s: %.2f).",
        tuned.name(),
        what,
        tuned.beyond(),
        Amounts.count(lengths.getFirst()),
        finder().name(),
        finder().beyond(),
        tuned.last(),
        reader().name(),
        reader().last());
  }
}
