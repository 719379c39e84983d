package dev.farspan.cli;

import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import dev.farspan.export.Export;
import dev.farspan.formats.text.WholeFile;
import dev.farspan.training.model.Torch;
import dev.farspan.training.parallel.Group;
import dev.farspan.training.recipe.Recipe;
import dev.farspan.training.recipe.RunDirectory;
import dev.farspan.training.recipe.Tuning;
import dev.farspan.training.run.QuickExit;
import dev.farspan.training.run.TrainingListener;
import dev.farspan.training.run.TrainingPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// `farspan tune`: trains a model by a recipe.
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a model by a recipe: a short fine-tune for a longer context, or a small model from"
          + " nothing.",
      "Writes a directory in Hugging Face's format, with the loss of every step (loss.csv,"
          + " loss.svg). A run that was interrupted goes on from its last checkpoint with --resume."
    },
    footer = {
      "",
      "Examples:",
      "  farspan tune MODEL --recipe pose-yarn --target 2k --data texts/ --out longer",
      "  farspan tune --recipe farspan-tiny --data texts/kjv-whole.txt --out tiny",
      "  farspan tune farspan-tiny --recipe memory-tokens --data texts/kjv-whole.txt --out memory",
      "  farspan tune MODEL --recipe yarn --target 2k --data texts/ --out longer --world-size 2",
      "Recipes: farspan-tiny, farspan-tiny-native, farspan-tiny-long, linear, ntk, yarn,",
      "base-change, pose-yarn, longlora, landmark, memory-tokens, or a file of your own."
    })
final class Tune implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "A directory in Hugging Face's format, a .gguf file, or a name in the store.")
  private @Nullable String model;

  @Option(names = "--recipe", required = true, paramLabel = "NAME|FILE", description = "How.")
  private String recipe = "";

  @Option(
      names = "--target",
      paramLabel = "N",
      converter = TokenCount.Positive.class,
      description = "Length of the context to reach.")
  private int target;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE|DIR",
      description = "Text to train on; the last 5 %% are left out, for measuring.")
  private Path data = Path.of("");

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to.")
  private Path out = Path.of("");

  @Option(names = "--resume", description = "Go on from the checkpoint in --out.")
  private boolean resume;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      converter = PositiveCount.Threads.class,
      description =
          "Threads that compute, in each process; default: one for each processor, shared out among"
              + " the processes that are started here.")
  private @Nullable Integer threads;

  @Mixin private final GroupArguments group = new GroupArguments();

  Tune(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    group.check();
    if (!Files.exists(data)) {
      throw new IllegalArgumentException("there is no text " + data + ": check --data");
    }
    new TuneDirectory(out).check(resume);
    Recipe chosen = Recipe.of(recipe);
    requireModel(chosen);
    Tuning.requireText(data);
    Torch.threads(threads());
    try (QuickExit _ = QuickExit.open()) {
      if (group.startsOthers()) {
        runAmongWorkers(chosen);
      } else {
        try (Group processes = group.join(console)) {
          run(chosen, processes);
        }
      }
    }
    return 0;
  }

  private int threads() {
    int all = group.startsOthers() ? group.size() : 1;
    Integer given = threads;
    return given == null ? LocalWorkers.threads(all) : given;
  }

  private void runAmongWorkers(Recipe chosen) {
    List<String> words = new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
    if (threads == null) {
      words.addAll(List.of("--threads", String.valueOf(threads())));
    }
    console.note("%d processes, %d threads each".formatted(group.size(), threads()));
    try (LocalWorkers workers = LocalWorkers.start(group.size(), words);
        Group processes = workers.join()) {
      try {
        run(chosen, processes);
      } catch (RuntimeException e) {
        throw workers.blame(e);
      }
    }
  }

  private void run(Recipe chosen, Group processes) {
    try (Tuning tuning = tuning(chosen, new RunDirectory(out, processes))) {
      if (!processes.leads()) {
        tuning.run(data, resume, TrainingListener.NONE);
        return;
      }
      run(tuning);
    }
    console.out().println(out);
    console.out().flush();
  }

  private void requireModel(Recipe chosen) {
    String name = model;
    if (chosen.fromScratch()) {
      if (name != null || target != 0) {
        throw usage("recipe " + recipe + " makes a model from nothing: no MODEL and no --target");
      }
      return;
    }
    if (name == null) {
      throw usage("recipe " + recipe + " changes a model: name a MODEL");
    }
    if (chosen.needsTarget() && target == 0) {
      throw usage("recipe " + recipe + " leads to a longer context: give its length as --target");
    }
  }

  private Tuning tuning(Recipe chosen, RunDirectory place) {
    String name = model;
    return name == null
        ? Tuning.fromScratch(chosen, data, place)
        : Tuning.of(chosen, console.host().store().find(name), target, place);
  }

  private void run(Tuning tuning) {
    TrainingPlan plan = tuning.plan();
    long parameters = tuning.model().parameters().count();
    console.note("%d steps on a model of %,d parameters".formatted(plan.steps(), parameters));
    try (Progress progress =
        console.progress(
            new Task("training", Task.Unit.TOKENS, plan.tokens(0), Task.Pace.STEADY), 0)) {
      float[] losses = tuning.run(data, resume, new Steps(console, plan, progress));
      writeFacts(plan, losses);
    }
  }

  /// What a model card says of the training (`farspan export`).
  private void writeFacts(TrainingPlan plan, float[] losses) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("recipe", recipe);
    if (model != null) {
      facts.put("model", model);
    }
    facts.put("data", String.valueOf(data.getFileName()));
    facts.put("steps", plan.steps());
    facts.put("tokens", plan.tokens(0));
    facts.put("loss_of_the_last_step", losses[losses.length - 1]);
    WholeFile.write(
        out.resolve(Export.TUNING), JsonMapper.shared().writeValueAsString(facts) + "\n");
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  /// Shows how a run goes: tokens as they are done, the mean loss at every checkpoint.
  private static final class Steps implements TrainingListener {
    private final Console console;
    private final TrainingPlan plan;
    private final Progress progress;
    private double sum;
    private int count;

    private Steps(Console console, TrainingPlan plan, Progress progress) {
      this.console = console;
      this.plan = plan;
      this.progress = progress;
    }

    @Override
    public void step(int step, double loss, long tokens) {
      sum += loss;
      count++;
      progress.update(plan.tokens(0) - plan.tokens(step));
    }

    @Override
    public void checkpoint(int step) {
      progress.close();
      console.note(
          "step %d of %d: loss %.3f, mean of the last %d"
              .formatted(step, plan.steps(), sum / count, count));
      sum = 0;
      count = 0;
    }
  }
}
