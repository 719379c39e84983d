package dev.farspan.formats.checkpoint;

import dev.farspan.context.lint.Finding;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.formats.FormatException;
import dev.farspan.formats.TensorSource;
import dev.farspan.formats.adapter.AdaptedTensors;
import dev.farspan.formats.adapter.Adapter;
import dev.farspan.formats.adapter.BaseLayout;
import dev.farspan.formats.gguf.GgufConfig;
import dev.farspan.formats.gguf.GgufData;
import dev.farspan.formats.gguf.GgufFile;
import dev.farspan.formats.hf.HfConfig;
import dev.farspan.formats.hf.TokenIds;
import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An open model: its shape, its weights and what its tokenizer needs. It owns the memory maps, so
/// every tensor dies with it.
public final class Checkpoint implements AutoCloseable {
  /// How tensors are named and laid out.
  public enum Layout {
    /// Names of transformers; a directory with `config.json` and safetensors.
    HUGGING_FACE,
    /// Names of llama.cpp; one GGUF file, or the parts of a split one.
    GGUF
  }

  private final ModelParts parts;
  private final Layout layout;
  private final TensorSource source;
  private final ModelConfig config;
  private final List<Finding> findings;
  private final Set<Integer> endOfText;
  private final TokenizerFiles tokenizer;

  private Checkpoint(
      ModelParts parts,
      Layout layout,
      TensorSource source,
      ModelConfig config,
      List<Finding> findings,
      Set<Integer> endOfText,
      TokenizerFiles tokenizer) {
    this.parts = parts;
    this.layout = layout;
    this.source = source;
    this.config = config;
    this.findings = findings;
    this.endOfText = Set.copyOf(endOfText);
    this.tokenizer = tokenizer;
  }

  /// Opens a model.
  ///
  /// @param path a GGUF file (the first one of a split model), a directory with `config.json` and
  ///   safetensors, or an adapter's directory, whose base is found by [ModelParts#of]
  /// @return the open model
  /// @throws FormatException in one sentence, if there is no model or it cannot be run
  /// @throws java.io.UncheckedIOException if a file cannot be read
  public static Checkpoint open(Path path) {
    return open(ModelParts.of(path));
  }

  /// Opens a model, its adapter merged into it.
  ///
  /// @param parts where they lie
  /// @return the open model
  /// @throws FormatException in one sentence, if there is no model, it cannot be run, or the
  ///   adapter is of another model or a kind that is not supported
  /// @throws java.io.UncheckedIOException if a file cannot be read
  public static Checkpoint open(ModelParts parts) {
    Checkpoint base = openWhole(parts.model());
    if (parts.adapters().isEmpty()) {
      return base;
    }
    boolean done = false;
    try {
      Checkpoint adapted = base.adapted(parts);
      done = true;
      return adapted;
    } finally {
      if (!done) {
        base.close();
      }
    }
  }

  private static Checkpoint openWhole(Path path) {
    if (Files.isDirectory(path)) {
      return openDirectory(path);
    }
    if (String.valueOf(path.getFileName()).endsWith(".gguf")) {
      return openGguf(path);
    }
    throw new FormatException(
        path.toString(),
        Files.exists(path)
            ? "is no model: name a .gguf file or a directory with config.json"
            : "does not exist");
  }

  private Checkpoint adapted(ModelParts both) {
    Adapter adapter = Adapter.open(both.path());
    boolean done = false;
    try {
      AdaptedTensors tensors = AdaptedTensors.of(source, adapter, names());
      AdaptedConfig own = AdaptedConfig.of(both, config, findings);
      Checkpoint checkpoint =
          new Checkpoint(
              both,
              layout,
              tensors,
              tensors.untied() ? own.model().untied() : own.model(),
              own.findings(),
              TokenIds.endOfText(both.path(), endOfText),
              tokenizer(both.path()));
      done = true;
      return checkpoint;
    } finally {
      if (!done) {
        adapter.close();
      }
    }
  }

  private BaseLayout names() {
    return switch (layout) {
      case HUGGING_FACE -> BaseLayout.huggingFace(config);
      case GGUF -> BaseLayout.gguf(config);
    };
  }

  /// A GGUF file's own tokenizer stays, since its ids are what it was converted with.
  private TokenizerFiles tokenizer(Path adapter) {
    return layout == Layout.HUGGING_FACE && Files.exists(adapter.resolve("tokenizer.json"))
        ? new TokenizerFiles.HuggingFace(adapter)
        : tokenizer;
  }

  private static Checkpoint openDirectory(Path directory) {
    if (Adapter.isIn(directory) && !ModelParts.isWhole(directory)) {
      throw new FormatException(
          directory.toString(),
          "is an adapter, not the model that an adapter is for: merge it first (farspan export)");
    }
    Path file = directory.resolve(HfConfig.FILE);
    if (!Files.exists(file)) {
      throw new FormatException(
          directory.toString(), "is not a model directory: it has no " + HfConfig.FILE);
    }
    HfConfig config = HfConfig.read(file);
    Set<Integer> endOfText = TokenIds.endOfText(directory, config.endOfText());
    return new Checkpoint(
        new ModelParts(directory, List.of()),
        Layout.HUGGING_FACE,
        SafetensorsFile.open(directory),
        config.model(),
        config.findings(),
        endOfText,
        new TokenizerFiles.HuggingFace(directory));
  }

  private static Checkpoint openGguf(Path path) {
    GgufFile file = GgufFile.open(path);
    boolean done = false;
    try {
      GgufConfig config = GgufConfig.of(file);
      Checkpoint checkpoint =
          new Checkpoint(
              new ModelParts(path, List.of()),
              Layout.GGUF,
              file,
              config.model(),
              config.findings(),
              config.endOfText(),
              new TokenizerFiles.Gguf(GgufData.tokenizer(file.metadata())));
      done = true;
      return checkpoint;
    } finally {
      if (!done) {
        file.close();
      }
    }
  }

  /// Returns how tensors are named and laid out.
  ///
  /// @return the layout
  public Layout layout() {
    return layout;
  }

  /// Returns where the model was opened.
  ///
  /// @return the path given; an adapter's directory, if there is one
  public Path path() {
    return source.path();
  }

  /// Returns where its parts lie.
  ///
  /// @return the model's path, and its adapter's
  public ModelParts parts() {
    return parts;
  }

  /// Returns the weights as a source of their own, which this checkpoint owns.
  ///
  /// @return the source
  public TensorSource source() {
    return source;
  }

  /// Returns the model's shape.
  ///
  /// @return the configuration
  public ModelConfig config() {
    return config;
  }

  /// Returns what is odd about the model's configuration.
  ///
  /// @return warnings; a model with errors does not open
  public List<Finding> findings() {
    return findings;
  }

  /// Returns the weights.
  ///
  /// @return an unmodifiable map from name to tensor, in the order of the file
  /// @throws FormatException if a tensor has a type that cannot be read
  public Map<String, Tensor> tensors() {
    return source.tensors();
  }

  /// Returns the token ids at which generation ends.
  ///
  /// @return the ids that the files give
  public Set<Integer> endOfText() {
    return endOfText;
  }

  /// Returns what the tokenizer needs.
  ///
  /// @return paths or metadata
  public TokenizerFiles tokenizer() {
    return tokenizer;
  }

  /// Unmaps the weights. Tensors must not be used any more.
  @Override
  public void close() {
    source.close();
  }
}
