package dev.farspan.cli;

import dev.farspan.evaluation.Fingerprint;
import dev.farspan.evaluation.task.JsonTask;
import dev.farspan.evaluation.task.Task;
import dev.farspan.evaluation.task.catalog.TaskCatalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `farspan eval ruler`: many tasks, and the length up to which they are solved.
@Command(
    name = "ruler",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Asks the 13 tasks of RULER, made offline by its published procedure, and says up to which"
          + " length their average reaches 85.6, RULER's effective length.",
      "The haystack is not RULER's and qa_1 and qa_2 use made documents: their scores are not"
          + " comparable with published ones (docs/tasks.md)."
    },
    footer = {
      "",
      "More tasks: no_overlap (in the style of NoLiMa), babi_1 and babi_2 (of BABILong).",
      "",
      "Examples:",
      "  farspan eval ruler MODEL --lengths 4k,8k --methods none,auto --samples 10 --out results",
      "  farspan eval ruler MODEL --lengths 8k --method auto --tasks niah_single_1,vt,babi_1",
      "  farspan eval ruler MODEL --lengths 8k --method auto --task-file mine.json"
    })
final class EvalRuler implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;
  @Mixin private final ExamRun run = new ExamRun();

  @Option(
      names = "--tasks",
      paramLabel = "NAME,NAME",
      split = ",",
      description = "Which tasks; default: RULER's 13, or none with --task-file.")
  private List<String> names = List.of();

  @Option(
      names = "--task-file",
      paramLabel = "F",
      description = "A task of yours as JSON (docs/tasks.md); may be repeated.")
  private List<Path> files = List.of();

  @Mixin private final DepthArguments depths = new DepthArguments();

  EvalRuler(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    List<Task> tasks = new ArrayList<>();
    StringBuilder definition = new StringBuilder();
    for (String name : names) {
      tasks.add(named(name));
    }
    for (Path file : files) {
      String content = Texts.read(file);
      tasks.add(JsonTask.read(String.valueOf(file.getFileName()), content));
      definition.append(Fingerprint.ofText(content)).append(' ');
    }
    if (tasks.isEmpty()) {
      tasks.addAll(TaskCatalog.ruler());
    }
    requireDistinct(tasks);
    if (depths.areGiven() && tasks.stream().noneMatch(task -> task.facts().placed())) {
      throw new ParameterException(
          spec.commandLine(),
          "no task asked here places anything at a depth, they choose places themselves: leave out"
              + " --depths");
    }
    ExamRun.Request request =
        new ExamRun.Request("ruler", tasks, depths.all(), definition.toString().strip());
    return run.run(spec, console, request, ExamText::table);
  }

  private Task named(String name) {
    try {
      return TaskCatalog.named(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void requireDistinct(List<Task> tasks) {
    List<String> all = tasks.stream().map(task -> task.facts().name()).collect(Collectors.toList());
    if (all.stream().distinct().count() < all.size()) {
      throw new ParameterException(spec.commandLine(), "a task is named twice");
    }
  }
}
