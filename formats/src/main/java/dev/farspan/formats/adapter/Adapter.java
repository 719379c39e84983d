package dev.farspan.formats.adapter;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.files.Names;
import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// An open adapter: what it adds to matrices, and the tensors it holds whole (`modules_to_save`,
/// biases). It owns the memory map.
public final class Adapter implements AutoCloseable {
  /// The name of the weights in an adapter's directory.
  public static final String WEIGHTS = "adapter_model.safetensors";

  /// What PEFT puts before the names of the base's modules.
  public static final String PREFIX = "base_model.model.";

  private static final String DOWN = ".lora_A.weight";
  private static final String UP = ".lora_B.weight";
  private static final String EMBEDDING_DOWN = ".lora_embedding_A";
  private static final String EMBEDDING_UP = ".lora_embedding_B";

  private final Path directory;
  private final AdapterConfig config;
  private final SafetensorsFile file;
  private final Map<String, LowRankUpdate> updates = new LinkedHashMap<>();
  private final Map<String, Tensor> whole = new LinkedHashMap<>();

  private Adapter(Path directory, AdapterConfig config, SafetensorsFile file) {
    this.directory = directory;
    this.config = config;
    this.file = file;
    file.tensors().forEach(this::sort);
  }

  /// Returns whether a directory holds an adapter.
  ///
  /// @param directory any path
  /// @return whether it has an `adapter_config.json`
  public static boolean isIn(Path directory) {
    return Files.exists(directory.resolve(AdapterConfig.FILE));
  }

  /// Opens an adapter.
  ///
  /// @param directory a directory with `adapter_config.json` and `adapter_model.safetensors`
  /// @return the open adapter
  /// @throws FormatException in one sentence, if it is damaged or of a kind that is not supported
  /// @throws java.io.UncheckedIOException if a file cannot be read
  public static Adapter open(Path directory) {
    if (!isIn(directory)) {
      throw new FormatException(
          directory.toString(), "is no adapter: it has no " + AdapterConfig.FILE);
    }
    AdapterConfig config = AdapterConfig.read(directory.resolve(AdapterConfig.FILE));
    Path weights = directory.resolve(WEIGHTS);
    if (!Files.exists(weights)) {
      throw new FormatException(
          directory.toString(),
          "is an adapter without "
              + WEIGHTS
              + "; save it as safetensors, the only form that is read");
    }
    SafetensorsFile file = SafetensorsFile.open(weights);
    boolean done = false;
    try {
      Adapter adapter = new Adapter(directory, config, file);
      done = true;
      return adapter;
    } finally {
      if (!done) {
        file.close();
      }
    }
  }

  private void sort(String key, Tensor tensor) {
    if (!key.startsWith(PREFIX)) {
      throw unknown(key);
    }
    // The base of an embedding that has an update is stored with it.
    String name = key.substring(PREFIX.length()).replace(".base_layer.", ".");
    if (name.endsWith(DOWN)) {
      String module = without(DOWN, name);
      update(module, tensor, partner(module + UP));
    } else if (name.endsWith(EMBEDDING_DOWN)) {
      String module = without(EMBEDDING_DOWN, name);
      Tensor up = partner(module + EMBEDDING_UP);
      double scale = scale(module, tensor);
      updates.put(module + ".weight", LowRankUpdate.ofEmbedding(tensor, up, scale));
    } else if (name.endsWith(UP)) {
      partner(without(UP, name) + DOWN);
    } else if (name.endsWith(EMBEDDING_UP)) {
      partner(without(EMBEDDING_UP, name) + EMBEDDING_DOWN);
    } else if (name.contains(".lora_") || name.contains(".token_adapter.")) {
      throw unknown(key);
    } else {
      whole.put(name, tensor.named(name));
    }
  }

  private void update(String module, Tensor down, Tensor up) {
    updates.put(module + ".weight", new LowRankUpdate(down, up, scale(module, down)));
  }

  private double scale(String module, Tensor down) {
    return config.scale(module, Math.toIntExact(down.rows()));
  }

  private Tensor partner(String name) {
    return file.tensor(PREFIX + name);
  }

  private static String without(String ending, String name) {
    return name.substring(0, name.length() - ending.length());
  }

  private FormatException unknown(String key) {
    return new FormatException(
        file.path().toString(),
        "has a tensor %s, which is no part of a LoRA adapter that can be run here"
            .formatted(Names.quote(key)));
  }

  /// Returns where it was opened.
  ///
  /// @return the directory
  public Path directory() {
    return directory;
  }

  /// Returns what its configuration says.
  ///
  /// @return the configuration
  public AdapterConfig config() {
    return config;
  }

  /// What is added, by the name of the tensor that it is added to.
  Map<String, LowRankUpdate> updates() {
    return updates;
  }

  /// What takes the place of the base's tensor of the same name.
  Map<String, Tensor> whole() {
    return whole;
  }

  @Override
  public void close() {
    file.close();
  }
}
