package dev.farspan.evaluation.task.run;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.task.Draw;
import dev.farspan.evaluation.task.Insert;
import dev.farspan.evaluation.task.Layout;
import dev.farspan.evaluation.task.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/// What is asked, under which methods, on which grid.
///
/// @param tasks what is asked
/// @param methods context methods, all on the same prompts
/// @param lengths tokens of prompt and answer together
/// @param depths places of needles, in percent
/// @param samples samples of each cell of the grid
/// @param seed seed of all samples
public record ExamPlan(
    List<Task> tasks,
    List<MethodSpec> methods,
    List<Integer> lengths,
    List<Double> depths,
    int samples,
    long seed) {
  /// Checks that there is something to do.
  ///
  /// @throws IllegalArgumentException if there is not
  public ExamPlan {
    tasks = List.copyOf(tasks);
    methods = List.copyOf(methods);
    lengths = List.copyOf(lengths);
    depths = List.copyOf(depths);
    if (tasks.isEmpty() || methods.isEmpty() || lengths.isEmpty() || depths.isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing to do: name at least one task, method, length and depth");
    }
    if (samples < 1) {
      throw new IllegalArgumentException("samples must be at least 1, got " + samples);
    }
  }

  /// One sample under one method.
  ///
  /// @param task what is asked
  /// @param method the context method
  /// @param draw which sample
  public record Item(Task task, MethodSpec method, Draw draw) {
    /// Returns what tells its cell from the others of a run.
    ///
    /// @return task, method, length, depth and sample
    public Labels key() {
      return ExamCell.key(this);
    }

    /// Returns where the needle of each question is to lie; that of the sample, where questions
    /// have no needles of their own.
    List<Double> depths() {
      Layout layout = task.layout(draw);
      return layout.inserts().size() == layout.questions().size()
          ? layout.inserts().stream().map(Insert::depth).toList()
          : Collections.nCopies(layout.questions().size(), draw.depth());
    }
  }

  /// Returns whether all samples have been measured.
  ///
  /// @param cells what has been
  /// @return whether nothing is left to ask
  public boolean isKept(Cells cells) {
    return items().stream().allMatch(item -> cells.find(item.key()).isPresent());
  }

  /// Returns all samples, in the order that computes least again: under one method and at one
  /// length, needles from the end of the text to its start, so that what lies before a needle has
  /// been read already.
  ///
  /// @return the samples
  public List<Item> items() {
    List<Item> items = new ArrayList<>();
    for (MethodSpec method : methods) {
      for (int length : lengths.stream().sorted().toList()) {
        for (Task task : tasks) {
          for (double depth : depthsOf(task)) {
            for (int index = 0; index < samples; index++) {
              items.add(new Item(task, method, new Draw(seed, index, length, depth)));
            }
          }
        }
      }
    }
    return items;
  }

  private List<Double> depthsOf(Task task) {
    return task.facts().placed()
        ? depths.stream().sorted(Comparator.reverseOrder()).toList()
        : List.of(0.0);
  }
}
