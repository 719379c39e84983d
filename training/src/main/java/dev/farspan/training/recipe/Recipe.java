package dev.farspan.training.recipe;

import dev.farspan.tensor.DType;
import dev.farspan.training.model.LowRank;
import dev.farspan.training.run.LearningRate;
import dev.farspan.training.run.Optimisation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// How a model is trained: a small file of `key = value` lines.
public final class Recipe {
  /// Recipes that come along, by name.
  public static final List<String> NAMES =
      List.of(
          "farspan-tiny",
          "farspan-tiny-long",
          "farspan-tiny-native",
          "linear",
          "ntk",
          "yarn",
          "base-change",
          "pose-yarn",
          "longlora",
          "landmark",
          "memory-tokens");

  private final Optional<Scratch> scratch;
  private final Extension extension;
  private final boolean skipping;
  private final boolean shifted;
  private final boolean recomputes;
  private final OptionalInt landmarkBlock;
  private final ExampleSizes examples;
  private final Mix mix;
  private final Run run;
  private final Optional<LowRank> adapters;
  private final boolean unmerged;
  private final Optional<Memory> memory;
  private final DType saved;

  /// Steps and how they are made.
  ///
  /// @param steps how many
  /// @param optimisation how parameters follow their gradients
  /// @param compute type of the matrix products
  /// @param checkpointEvery steps between checkpoints
  /// @param seed what chance follows from
  record Run(
      int steps, Optimisation optimisation, ScalarType compute, int checkpointEvery, long seed) {}

  private Recipe(Settings settings) {
    scratch = settings.hasAny("scratch.") ? Optional.of(Scratch.read(settings)) : Optional.empty();
    extension = extension(settings);
    skipping =
        settings.oneOf("positions", "consecutive", Map.of("consecutive", false, "pose", true));
    landmarkBlock =
        settings.hasAny("landmark.")
            ? OptionalInt.of(settings.count("landmark.block"))
            : OptionalInt.empty();
    shifted = settings.oneOf("attention", "full", Map.of("full", false, "shifted", true));
    recomputes = settings.oneOf("activations", "kept", Map.of("kept", false, "recomputed", true));
    examples = ExampleSizes.read(settings);
    mix = Mix.read(settings);
    run = run(settings);
    adapters = adapters(settings);
    unmerged = settings.oneOf("lora.save", "merged", Map.of("merged", false, "adapter", true));
    memory = Memory.read(settings);
    if (shifted && (memory.isPresent() || landmarkBlock.isPresent())) {
      throw settings.error(
          "'attention = shifted' takes the place of full attention: leave out landmark and memory");
    }
    if (recomputes && memory.isPresent()) {
      throw settings.error(
          "'activations = recomputed' is for examples that are read whole; those with memory tokens"
              + " are freed segment by segment: leave it out");
    }
    if (landmarkBlock.isPresent() && scratch.isPresent()) {
      throw settings.error("landmarks are added to a model that there is: leave out scratch");
    }
    if (memory.isPresent() && (scratch.isPresent() || needsTarget() || landmarkBlock.isPresent())) {
      throw settings.error(
          "memory tokens are added to a model as it is: leave out scratch, extension, positions"
              + " and landmark");
    }
    if (unmerged && (memory.isPresent() || landmarkBlock.isPresent())) {
      throw settings.error(
          "an adapter cannot add landmarks or memory tokens to its base: leave out lora.save");
    }
    saved =
        settings.oneOf(
            "save", "f32", Map.of("f32", DType.F32, "f16", DType.F16, "bf16", DType.BF16));
    settings.requireAllRead();
  }

  /// Returns a recipe.
  ///
  /// @param name one of [#NAMES], or the path of a file
  /// @return the recipe
  /// @throws IllegalArgumentException in one sentence, if there is none or a line of it is wrong
  /// @throws UncheckedIOException if the file cannot be read
  public static Recipe of(String name) {
    try {
      if (NAMES.contains(name)) {
        try (InputStream in = Recipe.class.getResourceAsStream(name + ".recipe")) {
          if (in == null) {
            throw new IllegalStateException("recipe " + name + " is missing from this build");
          }
          return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), name);
        }
      }
      Path file = Path.of(name);
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException(
            "there is no recipe '%s': name a file, or one of %s"
                .formatted(name, String.join(", ", NAMES)));
      }
      return parse(Files.readString(file), name);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read recipe " + name, e);
    }
  }

  /// Returns the recipe that a text says.
  ///
  /// @param text `key = value` lines; `#` begins a comment
  /// @param source what to call it in errors
  /// @return the recipe
  /// @throws IllegalArgumentException in one sentence, if a key is unknown or missing, or a value
  ///   wrong
  public static Recipe parse(String text, String source) {
    return new Recipe(Settings.parse(text, source));
  }

  /// Returns whether the recipe makes a model of its own, from nothing.
  ///
  /// @return whether it needs no model
  public boolean fromScratch() {
    return scratch.isPresent();
  }

  /// Returns whether the recipe leads to a longer context.
  ///
  /// @return whether it needs a target
  public boolean needsTarget() {
    return !(extension instanceof Extension.Keep) || skipping;
  }

  Optional<Scratch> scratch() {
    return scratch;
  }

  Extension extension() {
    return extension;
  }

  boolean skipping() {
    return skipping;
  }

  /// Tokens between landmarks, if the model is to have them.
  OptionalInt landmarkBlock() {
    return landmarkBlock;
  }

  boolean shifted() {
    return shifted;
  }

  /// Whether layers are computed a second time for their gradients.
  boolean recomputes() {
    return recomputes;
  }

  ExampleSizes examples() {
    return examples;
  }

  Mix mix() {
    return mix;
  }

  Run run() {
    return run;
  }

  Optional<LowRank> adapters() {
    return adapters;
  }

  /// Whether adapters are written as they are, not merged into the weights.
  boolean unmerged() {
    return unmerged;
  }

  Optional<Memory> memory() {
    return memory;
  }

  DType saved() {
    return saved;
  }

  private static Extension extension(Settings settings) {
    String name = settings.find("extension").orElse("none");
    return switch (name) {
      case "none" -> new Extension.Keep();
      case "linear" -> new Extension.Linear();
      case "ntk" -> new Extension.Ntk();
      case "yarn" -> new Extension.Yarn();
      case "longrope" -> new Extension.LongRope(factors(settings, "longrope.factors"));
      case "base" -> new Extension.Base(settings.number("base.theta"));
      default ->
          throw settings.error(
              "'extension = %s' is unknown; known: none, linear, ntk, yarn, longrope, base"
                  .formatted(name));
    };
  }

  private static List<Double> factors(Settings settings, String key) {
    Path file = Path.of(settings.text(key));
    try {
      return Arrays.stream(Files.readString(file).strip().split("\\s+"))
          .map(Double::valueOf)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the factors in " + file, e);
    } catch (NumberFormatException e) {
      throw settings.error("'%s = %s' does not hold numbers alone".formatted(key, file), e);
    }
  }

  private static Run run(Settings settings) {
    LearningRate rate =
        new LearningRate(
            settings.number("rate"),
            settings.number("rate.floor", 0),
            settings.count("rate.warmup", 0),
            settings.oneOf(
                "rate.shape",
                "cosine",
                Map.of(
                    "constant", LearningRate.Shape.CONSTANT,
                    "linear", LearningRate.Shape.LINEAR,
                    "cosine", LearningRate.Shape.COSINE)));
    Optimisation optimisation =
        new Optimisation(
            rate,
            settings.number("weight.decay", 0),
            settings.number("clip", 1),
            settings.count("accumulate", 1));
    return new Run(
        settings.count("steps"),
        optimisation,
        settings.oneOf(
            "precision", "f32", Map.of("f32", ScalarType.Float, "bf16", ScalarType.BFloat16)),
        settings.count("checkpoint.every", 100),
        settings.count("seed", 1));
  }

  private static Optional<LowRank> adapters(Settings settings) {
    if (!settings.hasAny("lora.")) {
      return Optional.empty();
    }
    return Optional.of(
        new LowRank(
            settings.count("lora.rank"),
            settings.number("lora.alpha"),
            Arrays.stream(settings.text("lora.targets").split(",", -1))
                .map(String::strip)
                .toList()));
  }
}
