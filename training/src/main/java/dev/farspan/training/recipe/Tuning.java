package dev.farspan.training.recipe;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.model.TrainedMemory;
import dev.farspan.context.model.TrainedMemory.Landmarks;
import dev.farspan.context.model.TrainedMemory.Summaries;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.context.rope.RopeTables;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.hf.HfConfig;
import dev.farspan.formats.text.WholeFile;
import dev.farspan.runtime.weights.Weights;
import dev.farspan.tokenizer.HfTokenizer;
import dev.farspan.tokenizer.Tokenizer;
import dev.farspan.training.data.BpeTrainer;
import dev.farspan.training.data.Corpus;
import dev.farspan.training.data.ExampleSource;
import dev.farspan.training.data.LandmarkExamples;
import dev.farspan.training.model.FirstValues;
import dev.farspan.training.model.LowRank;
import dev.farspan.training.model.MemoryTokens;
import dev.farspan.training.model.TorchModel;
import dev.farspan.training.run.Positions;
import dev.farspan.training.run.Reading;
import dev.farspan.training.run.Trainer;
import dev.farspan.training.run.TrainingListener;
import dev.farspan.training.run.TrainingPlan;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One run of a recipe: its model, text and plan, ready to start.
public final class Tuning implements AutoCloseable {
  /// The share of a text that is trained on; the rest is kept for measuring.
  public static final double TRAINED_SHARE = 0.95;

  // Spellings of the tasks, so that the vocabulary has words for them.
  private static final String TASKS =
      """
      The pass key is 0 1 2 3 4 5 6 7 8 9. Remember it. What is the pass key? The pass key is
      The value of 0 is 1.
      """;
  private static final int TASK_REPEATS = 50;
  private static final int SHIFTED_GROUPS = 4; // LongLoRA, arXiv 2309.12307, section 3.2

  private final Recipe recipe;
  private final RunDirectory out;
  private final TorchModel model;
  private final Tokenizer tokenizer;
  private final Target target;

  /// Where a run leads to.
  ///
  /// @param length positions
  /// @param tables frequency table of each rotary embedding
  private record Target(int length, List<RopeTable> tables) {}

  private Tuning(
      Recipe recipe, RunDirectory out, TorchModel model, Tokenizer tokenizer, int length) {
    this.recipe = recipe;
    this.out = out;
    this.model = model;
    this.tokenizer = tokenizer;
    this.target = new Target(length, tables(recipe, model.config(), length));
  }

  /// Refuses what cannot be trained on, before a run makes its directory and its model.
  ///
  /// @param data text file or directory
  /// @throws IllegalArgumentException if it holds no text, or something else
  /// @throws UncheckedIOException if it cannot be read
  public static void requireText(Path data) {
    if (TextFiles.read(data).isBlank()) {
      throw new IllegalArgumentException(data + " is empty: there is nothing to train on");
    }
  }

  /// Returns a run that trains a model from nothing; its tokenizer is trained at once.
  ///
  /// @param recipe how
  /// @param data text file or directory
  /// @param out where the model goes
  /// @return the run
  /// @throws IllegalArgumentException if the recipe tunes a model
  /// @throws UncheckedIOException if a file cannot be read or written
  public static Tuning fromScratch(Recipe recipe, Path data, Path out) {
    return fromScratch(recipe, data, new RunDirectory(out));
  }

  /// Returns one process's part in a run that trains a model from nothing.
  ///
  /// @param recipe how
  /// @param data text file or directory
  /// @param out where the model goes, and who else takes part
  /// @return the run
  /// @throws IllegalArgumentException if the recipe tunes a model
  /// @throws IllegalStateException if another process ends
  /// @throws UncheckedIOException if a file cannot be read or written
  public static Tuning fromScratch(Recipe recipe, Path data, RunDirectory out) {
    Scratch shape =
        recipe
            .scratch()
            .orElseThrow(() -> new IllegalArgumentException("this recipe tunes a model: name one"));
    Path file = out.resolve(HfConfig.FILE);
    out.prepare(
        () -> {
          if (!Files.exists(out.resolve("tokenizer.json"))) {
            BpeTrainer.train(TextFiles.read(data) + TASKS.repeat(TASK_REPEATS), shape.vocab())
                .write(out.path());
          }
          WholeFile.write(file, shape.configJson());
        });
    ModelConfig config = HfConfig.read(file).model();
    TorchModel model =
        TorchModel.of(config, FirstValues.of(config, recipe.run().seed()), recipe.run().compute());
    model.parameters().train(_ -> true);
    return new Tuning(recipe, out, trained(recipe, model), tokenizer(out.path()), shape.length());
  }

  /// Returns the model with the attention and the gradients that the recipe trains with.
  private static TorchModel trained(Recipe recipe, TorchModel model) {
    TorchModel attending = recipe.shifted() ? model.shifted(SHIFTED_GROUPS) : model;
    return recipe.recomputes() ? attending.recomputing() : attending;
  }

  /// Returns a run that changes a model.
  ///
  /// @param recipe how
  /// @param source a model directory in Hugging Face's format, or a GGUF file
  /// @param length positions to reach; 0 for those the model was trained for
  /// @param out where the changed model goes
  /// @return the run
  /// @throws IllegalArgumentException if the model cannot be trained here, or the recipe makes one
  ///   from nothing
  /// @throws UncheckedIOException if a file cannot be read or written
  public static Tuning of(Recipe recipe, Path source, int length, Path out) {
    return of(recipe, source, length, new RunDirectory(out));
  }

  /// Returns one process's part in a run that changes a model.
  ///
  /// @param recipe how
  /// @param source a model directory in Hugging Face's format, or a GGUF file
  /// @param length positions to reach; 0 for those the model was trained for
  /// @param out where the changed model goes, and who else takes part
  /// @return the run
  /// @throws IllegalArgumentException if the model cannot be trained here, or the recipe makes one
  ///   from nothing
  /// @throws IllegalStateException if another process ends
  /// @throws UncheckedIOException if a file cannot be read or written
  public static Tuning of(Recipe recipe, Path source, int length, RunDirectory out) {
    if (recipe.fromScratch()) {
      throw new IllegalArgumentException("this recipe makes a model from nothing: name none");
    }
    SavedModel.requireOther(source, out.path());
    try (Checkpoint checkpoint = Checkpoint.open(source)) {
      ModelConfig config = checkpoint.config();
      int target = length == 0 ? config.trainedLength() : length;
      if (target < config.trainedLength()) {
        throw new IllegalArgumentException(
            "the target of %d is below the model's trained length of %d"
                .formatted(target, config.trainedLength()));
      }
      Origin origin = Origin.of(checkpoint, recipe);
      TorchModel model = TorchModel.of(config, Weights.of(checkpoint), recipe.run().compute());
      origin.requireSameTensors(model.parameters());
      TorchModel tuned = trained(recipe, withLandmarks(recipe, model));
      TrainedMemory memory = withMemoryTokens(recipe, tuned);
      choose(recipe, tuned);
      out.prepare(
          () -> {
            origin.copy(out.path());
            SavedModel.tie(out.path(), config);
            SavedModel.extend(out.path(), recipe.extension(), config, target);
            SavedModel.remember(out.path(), memory);
            if (recipe.unmerged()) {
              SavedAdapter.describe(recipe, tuned, checkpoint.parts(), out.path());
            }
          });
      return new Tuning(recipe, out, tuned, tokenizer(out.path()), target);
    }
  }

  /// Returns the model with the landmarks that the recipe or the model itself has.
  private static TorchModel withLandmarks(Recipe recipe, TorchModel model) {
    if (recipe.landmarkBlock().isEmpty()) {
      return model;
    }
    int block = recipe.landmarkBlock().getAsInt();
    return switch (model.config().memory()) {
      case Summaries _ -> throw trainedFor(model, "memory tokens");
      case TrainedMemory.None _ -> model.with(new Landmarks(block, model.config().vocabSize()));
      case Landmarks own when own.block() == block -> model;
      case Landmarks own ->
          throw new IllegalArgumentException(
              "the model has a landmark after every %d tokens, the recipe after every %d: say landmark.block = %d"
                  .formatted(own.block(), block, own.block()));
    };
  }

  private static IllegalArgumentException trainedFor(TorchModel model, String what) {
    return new IllegalArgumentException(
        "this %s model was trained with %s: tune the model it was made from"
            .formatted(model.config().family(), what));
  }

  /// Adds the memory tokens of the recipe; returns what the model is then trained to read by.
  private static TrainedMemory withMemoryTokens(Recipe recipe, TorchModel model) {
    if (recipe.memory().isEmpty()) {
      return model.config().memory();
    }
    if (model.config().memory() instanceof Landmarks) {
      throw trainedFor(model, "landmarks");
    }
    Memory memory = recipe.memory().get();
    memory.requireFits(model.config());
    MemoryTokens.add(model.parameters(), memory.summaries().tokens(), recipe.run().seed());
    return memory.summaries();
  }

  private static void choose(Recipe recipe, TorchModel model) {
    if (recipe.adapters().isEmpty()) {
      // Examples that are read whole have no use for the memory tokens of an earlier run.
      model
          .parameters()
          .train(name -> recipe.memory().isPresent() || !name.contains("memory_tokens"));
      return;
    }
    LowRank adapters = recipe.adapters().get();
    model.adapt(adapters, recipe.run().seed());
    // Embeddings and norms too: without them adapters reach a far worse loss at long lengths
    // (LongLoRA, arXiv 2309.12307, section 3.3).
    model
        .parameters()
        .train(
            name ->
                name.contains(".lora_")
                    || name.contains("norm")
                    || name.contains("embed_tokens")
                    || (recipe.memory().isPresent() && name.contains("memory_tokens")));
  }

  private static Tokenizer tokenizer(Path directory) {
    return HfTokenizer.open(
        directory.resolve("tokenizer.json"), directory.resolve("tokenizer_config.json"));
  }

  private static List<RopeTable> tables(Recipe recipe, ModelConfig config, int length) {
    List<RopeTable> tables = new ArrayList<>();
    for (int i = 0; i < config.ropes().size(); i++) {
      RopeConfig rope = config.ropes().get(i);
      boolean changes =
          i == config.mainRopeIndex() && !(recipe.extension() instanceof Extension.Keep);
      tables.add(
          RopeTables.of(
              changes ? recipe.extension().policy(rope.base(), length) : rope.scaling(),
              rope.base(),
              length));
    }
    return tables;
  }

  /// Returns what the run will do, all processes together: each computes as many examples as the
  /// recipe says.
  ///
  /// @return its plan
  public TrainingPlan plan() {
    int trained = model.config().trainedLength();
    return new TrainingPlan(
        recipe.run().steps(),
        recipe.examples().resolve(trained, target.length()).stream()
            .map(stage -> stage.times(out.group().size()))
            .toList(),
        recipe.run().optimisation(),
        recipe.skipping() ? new Positions.Skipping(target.length()) : new Positions.Consecutive(),
        recipe.memory().<Reading>map(Memory::reading).orElse(new Reading.Whole()),
        recipe.run().checkpointEvery(),
        recipe.run().seed());
  }

  /// Returns the model.
  ///
  /// @return the model that is trained
  public TorchModel model() {
    return model;
  }

  /// Trains; then the first process writes the model and its loss curve.
  ///
  /// @param data text file or directory; its first 95 % are trained on
  /// @param resume whether to go on from the checkpoint in the directory of the run
  /// @param listener told of every step
  /// @return the loss of every step
  /// @throws IllegalArgumentException if the text is too short, or the checkpoint another run's
  /// @throws UncheckedIOException if a file cannot be read or written
  public float[] run(Path data, boolean resume, TrainingListener listener) {
    Corpus text = Corpus.encode(TextFiles.read(data), tokenizer).part(0, TRAINED_SHARE);
    Trainer trainer = new Trainer(model, source(text), target.tables(), plan()).among(out.group());
    float[] losses = trainer.run(out.path(), resume, listener);
    if (out.group().leads()) {
      write(losses);
    }
    return losses;
  }

  private void write(float[] losses) {
    if (recipe.unmerged()) {
      SavedAdapter.write(model, recipe.saved(), out.path());
    } else {
      model.mergeAdapters();
      SavedModel.write(model.parameters(), recipe.saved(), out.path());
    }
    WholeFile.write(out.resolve("loss.csv"), LossCurve.csv(losses));
    WholeFile.write(out.resolve("loss.svg"), LossCurve.svg(losses));
  }

  private ExampleSource source(Corpus text) {
    return switch (model.config().memory()) {
      case TrainedMemory.None _, Summaries _ ->
          recipe.mix().source(text, tokenizer, model.config().vocabSize());
      case Landmarks landmarks ->
          new LandmarkExamples(recipe.mix().source(text, tokenizer, landmarks.token()), landmarks);
    };
  }

  @Override
  public void close() {
    tokenizer.close();
    model.close();
  }
}
