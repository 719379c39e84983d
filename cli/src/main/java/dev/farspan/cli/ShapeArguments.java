package dev.farspan.cli;

import dev.farspan.context.lint.Finding;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.hf.HfConfig;
import dev.farspan.planner.shape.KnownShapes;
import dev.farspan.planner.shape.ModelShape;
import dev.farspan.planner.shape.Sizes;
import dev.farspan.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// The model that is planned for: a file, a configuration alone, a well-known name, or sizes.
final class ShapeArguments {
  private static final int LLAMA_VOCAB = 32_000;
  private static final int TRAINED = 4096; // Llama 2
  private static final List<String> SIZES = List.of("--layers", "--hidden", "--heads", "--params");
  private static final List<String> MORE_SIZES =
      List.of("--kv-heads", "--head-dim", "--vocab", "--trained");
  private static final int MOST_LAYERS = 10_000; // the deepest known have some hundreds

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL|CONFIG",
      description = "A model, or a config.json alone.")
  private String source = "";

  @Option(
      names = "--shape",
      paramLabel = "NAME",
      description = "A well-known shape in place of a model, such as llama2-70b.")
  private String shape = "";

  @Option(
      names = "--layers",
      paramLabel = "N",
      converter = PositiveCount.class,
      description = "In place of a model: its layers,")
  private int layers;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      converter = PositiveCount.class,
      description = "elements of its residual stream,")
  private int hidden;

  @Option(
      names = "--heads",
      paramLabel = "N",
      converter = PositiveCount.class,
      description = "query heads,")
  private int heads;

  @Option(
      names = "--kv-heads",
      paramLabel = "N",
      converter = PositiveCount.class,
      description = "key/value heads; default: as many as query heads,")
  private int kvHeads;

  @Option(
      names = "--head-dim",
      paramLabel = "N",
      converter = PositiveCount.class,
      description = "elements of a head; default: hidden by heads,")
  private int headDim;

  @Option(
      names = "--params",
      paramLabel = "N",
      converter = Parameter.class,
      description = "parameters, such as 70e9 or 7b,")
  private long parameters;

  @Option(
      names = "--vocab",
      paramLabel = "N",
      converter = PositiveCount.class,
      description = "tokens it knows; default: 32000,")
  private int vocab = LLAMA_VOCAB;

  @Option(
      names = "--trained",
      paramLabel = "N",
      converter = TokenCount.Positive.class,
      description = "and the length it was trained for; default: 4096.")
  private int trained = TRAINED;

  @Option(
      names = "--weights",
      paramLabel = "TYPE",
      converter = WeightType.class,
      description = "What weights are stored as, where no file says it; default: f16.")
  private DType weights = DType.F16;

  /// A shape, and where it can be run.
  record Found(ModelShape shape, Optional<Path> runnable) {}

  /// Finds the shape; its checkpoint is closed again.
  Found find(Console console) {
    boolean sized = SIZES.stream().anyMatch(given()::has);
    int ways = (source.isEmpty() ? 0 : 1) + (shape.isEmpty() ? 0 : 1) + (sized ? 1 : 0);
    if (ways != 1) {
      throw usage(
          "name one of a model, a config.json, --shape, or --layers with --hidden, --heads and"
              + " --params");
    }
    if (!sized) {
      given().refuse(MORE_SIZES, "has no effect where the shape is known: leave it out");
    }
    return source.isEmpty()
        ? new Found(ofWords(), Optional.empty())
        : ofFile(console, console.host().store().find(source));
  }

  private Given given() {
    return new Given(command);
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(command.commandLine(), sentence);
  }

  /// What is wrong with the words themselves is wrong usage.
  private ModelShape ofWords() {
    try {
      return shape.isEmpty()
          ? ofSizes()
          : ModelShape.ofConfig(shape, KnownShapes.named(shape).config(), weights);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private ModelShape ofSizes() {
    if (!SIZES.stream().allMatch(given()::has)) {
      throw usage("a shape needs all of --layers, --hidden, --heads and --params");
    }
    if (layers > MOST_LAYERS) {
      throw usage("--layers is at most %,d, got %,d".formatted(MOST_LAYERS, layers));
    }
    if (headDim == 0 && hidden % heads != 0) {
      throw usage(
          "--heads %d does not divide --hidden %d: correct one of them, or give --head-dim"
              .formatted(heads, hidden));
    }
    int dim = headDim == 0 ? hidden / heads : headDim;
    int own = kvHeads == 0 ? heads : kvHeads;
    Sizes open = new Sizes(layers, hidden, heads, own, dim, 0, vocab, trained);
    Sizes sizes = Sizes.ofParameters(parameters, open);
    String name = "%d layers of %d".formatted(layers, hidden);
    return ModelShape.ofConfig(name, sizes.config(), weights).withParameters(parameters, weights);
  }

  private Found ofFile(Console console, Path path) {
    if (String.valueOf(path.getFileName()).endsWith(".json")) {
      HfConfig config = HfConfig.read(path);
      say(console, config.findings());
      return new Found(ModelShape.ofConfig(source, config.model(), weights), Optional.empty());
    }
    given()
        .refuse(
            List.of("--weights"), "has no effect on a model whose file has weights: leave it out");
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      say(console, checkpoint.findings());
      String name = String.valueOf(path.getFileName());
      ModelShape found =
          ModelShape.ofTensors(name, checkpoint.config(), checkpoint.tensors().values());
      return new Found(found, Optional.of(path));
    }
  }

  private static void say(Console console, List<Finding> findings) {
    findings.forEach(finding -> console.note(finding.sentence()));
  }

  /// Reads `70e9`, `70b` (times 10^9) and `135m` (times 10^6).
  static final class Parameter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      String lower = text.strip().toLowerCase(Locale.ROOT);
      double unit = lower.endsWith("b") ? 1e9 : lower.endsWith("m") ? 1e6 : 1;
      String digits = unit == 1 ? lower : lower.substring(0, lower.length() - 1);
      try {
        double count = Double.parseDouble(digits) * unit;
        if (count >= 1 && count < 1e18) {
          return Math.round(count);
        }
      } catch (NumberFormatException _) {
        // said below
      }
      throw new TypeConversionException(
          "'%s' is not a number of parameters such as 70e9 or 7b".formatted(text));
    }
  }

  /// Reads the name of a type that weights can have.
  static final class WeightType implements ITypeConverter<DType> {
    @Override
    public @Nullable DType convert(String text) {
      for (DType type : DType.values()) {
        if (type.name().equalsIgnoreCase(text) && !type.name().matches("[IU]\\d+|BOOL")) {
          return type;
        }
      }
      throw new TypeConversionException(
          "'%s' is no type of weights; use f32, f16, q8_0, q4_k or another of ggml's"
              .formatted(text));
    }
  }
}
