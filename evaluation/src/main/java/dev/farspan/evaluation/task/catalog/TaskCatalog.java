package dev.farspan.evaluation.task.catalog;

import dev.farspan.evaluation.task.Task;
import dev.farspan.evaluation.task.ruler.CommonWords;
import dev.farspan.evaluation.task.ruler.Documents;
import dev.farspan.evaluation.task.ruler.FrequentWords;
import dev.farspan.evaluation.task.ruler.NoOverlap;
import dev.farspan.evaluation.task.ruler.RulerNeedles;
import dev.farspan.evaluation.task.ruler.RulerNeedles.Hay;
import dev.farspan.evaluation.task.ruler.RulerNeedles.Kind;
import dev.farspan.evaluation.task.ruler.VariableTracking;
import dev.farspan.evaluation.task.ruler.Whereabouts;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The tasks that are shipped.
public final class TaskCatalog {
  private TaskCatalog() {}

  /// Returns RULER's 13 tasks with the sizes of its `scripts/synthetic.yaml`.
  ///
  /// @return the tasks in RULER's order
  public static List<Task> ruler() {
    return List.of(
        new RulerNeedles("niah_single_1", Hay.NOISE, Kind.WORDS, Kind.NUMBERS, 1, 1, 1),
        new RulerNeedles("niah_single_2", Hay.ESSAY, Kind.WORDS, Kind.NUMBERS, 1, 1, 1),
        new RulerNeedles("niah_single_3", Hay.ESSAY, Kind.WORDS, Kind.UUIDS, 1, 1, 1),
        new RulerNeedles("niah_multikey_1", Hay.ESSAY, Kind.WORDS, Kind.NUMBERS, 4, 1, 1),
        new RulerNeedles("niah_multikey_2", Hay.NEEDLE, Kind.WORDS, Kind.NUMBERS, 1, 1, 1),
        new RulerNeedles("niah_multikey_3", Hay.NEEDLE, Kind.UUIDS, Kind.UUIDS, 1, 1, 1),
        new RulerNeedles("niah_multivalue", Hay.ESSAY, Kind.WORDS, Kind.NUMBERS, 1, 4, 1),
        new RulerNeedles("niah_multiquery", Hay.ESSAY, Kind.WORDS, Kind.NUMBERS, 4, 1, 4),
        new VariableTracking(),
        new CommonWords(),
        new FrequentWords(),
        new Documents(1),
        new Documents(2));
  }

  /// Returns the tasks beyond RULER's.
  ///
  /// @return the tasks
  public static List<Task> others() {
    return List.of(new NoOverlap(), new Whereabouts(1), new Whereabouts(2));
  }

  /// Returns the task of a name.
  ///
  /// @param name one of the names
  /// @return the task
  /// @throws IllegalArgumentException for any other name, with a list of all there are
  public static Task named(String name) {
    List<Task> all = Stream.concat(ruler().stream(), others().stream()).toList();
    return all.stream()
        .filter(task -> task.facts().name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no task '%s'; there are %s"
                        .formatted(
                            name,
                            all.stream()
                                .map(task -> task.facts().name())
                                .collect(Collectors.joining(", ")))));
  }
}
