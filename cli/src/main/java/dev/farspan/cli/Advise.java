package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.Bands;
import dev.farspan.evaluation.ComparisonKey;
import dev.farspan.evaluation.advice.Field;
import dev.farspan.evaluation.advice.Reasons;
import dev.farspan.evaluation.advice.Verdict;
import dev.farspan.evaluation.cells.Cell;
import dev.farspan.evaluation.store.Advice;
import dev.farspan.evaluation.store.Evidence;
import dev.farspan.evaluation.task.run.ExamCell;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.checkpoint.ModelParts;
import dev.farspan.planner.advice.Candidates;
import dev.farspan.planner.advice.Need;
import dev.farspan.planner.memory.CacheTypes;
import dev.farspan.planner.shape.ModelShape;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `farspan advise`: measures which context method suits a model and a text, and remembers it.
@Command(
    name = "advise",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Reads your text under the methods that suit the model, asks the best of them for needles in"
          + " it, recommends one, and keeps that beside the model, where auto finds it.",
      "Where the budget is too short for all, shorter parts of the text thin the methods out first;"
          + " what was left out is said. With --out an interrupted run goes on where it stopped."
    },
    footer = {
      "",
      "Examples:",
      "  farspan advise MODEL --context 16k --file long.txt",
      "  farspan advise MODEL --context 32k --file long.txt --budget 60 --memory 8GB --out advice",
      "  farspan advise MODEL --context 16k --file long.txt --methods dynamic-yarn,yarn:factor=2"
    })
final class Advise implements Callable<Integer> {
  /// The share of the time that reading may take; the rest is for needles.
  private static final double READING = 0.75;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;
  @Mixin private final ModelArgument model = new ModelArgument();
  @Mixin private final PreTokenizerArgument preTokenizer = new PreTokenizerArgument();

  @Option(
      names = "--context",
      required = true,
      paramLabel = "N",
      converter = TokenCount.class,
      description = "Tokens that are to be read, more than the model was trained for.")
  private int context;

  @Option(
      names = "--file",
      required = true,
      paramLabel = "F",
      description = "A text like yours: a UTF-8 file of N tokens or more; the first N are read.")
  private Path file = Path.of("");

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      converter = ByteCount.class,
      description = "What has to be enough, such as 16GB; default: what is available here.")
  private long memory;

  @Option(
      names = "--budget",
      paramLabel = "MINUTES",
      description = "How long measuring may take, as far as it can be predicted; default: 10.")
  private double budget = 10;

  @Option(
      names = "--methods",
      paramLabel = "SPEC,SPEC",
      description =
          "Measure these, and the model alone; default: all that need no training and suit the"
              + " model.")
  private MethodList methods = new MethodList(List.of());

  @Mixin private final CacheTypeArgument cacheType = new CacheTypeArgument();
  @Mixin private final EvalOutput output = new EvalOutput();

  Advise(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    if (!(budget > 0 && budget < 1e6)) {
      throw usage("--budget takes minutes, more than 0, not " + budget);
    }
    if (methods.methods().stream().anyMatch(m -> m.choice() instanceof MethodSpec.Choice.Auto)) {
      throw usage("auto names no method that could be recommended: leave it out of --methods");
    }
    String text = Texts.read(file);
    try (Model opened = model.open(console, preTokenizer.name())) {
      int trained = opened.config().trainedLength();
      if (context <= trained) {
        throw new IllegalArgumentException(
            "a context of %s lies within the %s tokens that the model was trained for: no method is needed there"
                .formatted(Amounts.count(context), Amounts.count(trained)));
      }
      preTokenizer.report(opened, text, console);
      int[] ids = opened.tokenizer().encode(text, true);
      if (ids.length < context) {
        throw new IllegalArgumentException(
            "%s has %s tokens where a context of %s needs as many: take a longer text or a smaller --context"
                .formatted(file, Amounts.count(ids.length), Amounts.count(context)));
      }
      ModelShape shape = shape(opened.parts());
      AdviceRun.Text read = new AdviceRun.Text(String.valueOf(file.getFileName()), text, ids);
      advise(new AdviceRun(opened, read, settings(shape)), shape);
    }
    return 0;
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private static ModelShape shape(ModelParts parts) {
    try (Checkpoint checkpoint = Checkpoint.open(parts)) {
      String name = String.valueOf(parts.path().getFileName());
      return ModelShape.ofTensors(name, checkpoint.config(), checkpoint.tensors().values());
    }
  }

  private AdviceRun.Settings settings(ModelShape shape) {
    return new AdviceRun.Settings(
        shape,
        context,
        cacheType.type(),
        preTokenizer.name().orElse("file"),
        CommandWords.of(spec),
        Machine.describe(model.threads()));
  }

  private void advise(AdviceRun run, ModelShape shape) {
    Candidates candidates = candidates(shape);
    Field field = measure(run, candidates.methods());
    Verdict verdict = Verdict.of(field);
    List<String> reasons = Reasons.of(field, verdict);
    AdviceText words =
        new AdviceText(field, verdict, reasons, candidates.skipped(), run, command(verdict, field));
    output.keep(
        run.header(),
        console,
        cells -> {
          cells.keep(new Cell(AdviceRun.VERDICT, words.cell()));
          return cells;
        });
    show(words);
    store(run, field, verdict, reasons);
    output.report(console);
  }

  private Candidates candidates(ModelShape shape) {
    CacheType type = cacheType.type();
    long limit = memory == 0 ? MachineMemory.read().available() : memory;
    Need need =
        new Need(context, new CacheTypes(type.keys(), type.values()), limit, model.threads());
    List<MethodSpec> asked =
        methods.methods().isEmpty()
            ? Candidates.standard(shape.config(), context)
            : methods.methods();
    Candidates candidates = Candidates.of(shape, need, asked);
    if (candidates.methods().size() < 2) {
      if (candidates.skipped().isEmpty()) {
        throw usage(
            "there is nothing to compare: name at least one method besides %s with --methods"
                .formatted(candidates.methods().getFirst()));
      }
      Candidates.Skipped skipped = candidates.skipped().getFirst();
      throw new IllegalArgumentException(
          "there are no two methods to compare: " + skipped.method() + " " + skipped.reason());
    }
    return candidates;
  }

  /// Reads the text under the methods, and asks for needles in the time that is left.
  private Field measure(AdviceRun run, List<MethodSpec> candidates) {
    AdviceCosts costs = run.calibrate(candidates.getFirst(), output, console);
    double left = 60 * budget - costs.seconds();
    AdviceRun.Read read = run.race(candidates, READING * left, costs, output, console);
    MethodSpec baseline = Candidates.baseline(run.model().config());
    List<ExamCell> needles =
        new AdviceNeedles(run, read, baseline).ask(left - read.seconds(), output, console);
    return new Field(run.trained(), baseline, read.outcome(), read.readings(), needles);
  }

  private void show(AdviceText words) {
    if (output.json()) {
      console.json(words.json());
    } else {
      console.out().print(words.text());
      console.out().flush();
    }
  }

  private String command(Verdict verdict, Field field) {
    boolean usual = cacheType.type().equals(new CacheTypeArgument().type());
    String type = usual ? "" : " --cache-type " + cacheType.type();
    return "farspan generate %s --file %s --method %s --context %d%s"
        .formatted(
            CommandWords.quoted(model.name()),
            CommandWords.quoted(file.toString()),
            CommandWords.quoted(verdict.method().text()),
            field.outcome().length(),
            type);
  }

  private void store(AdviceRun run, Field field, Verdict verdict, List<String> reasons) {
    Advice advice =
        new Advice(
            verdict.method(),
            field.outcome().length(),
            LocalDate.now(ZoneId.systemDefault()),
            run.text().name(),
            String.join("; ", reasons));
    ComparisonKey key =
        ComparisonKey.of(
            run.identity().fingerprint(),
            run.text().ids(),
            cacheType.type(),
            Bands.doubling(context));
    Path kept = Evidences.keep(Evidence.of(key, field.trained(), advice), run.model(), console);
    console.note(
        String.format(
            Locale.ROOT,
            "kept in %s: auto takes %s from now on for %,d to %,d tokens of this model",
            kept,
            verdict.method(),
            field.trained() + 1,
            field.outcome().length()));
  }
}
