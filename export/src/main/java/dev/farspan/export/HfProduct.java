package dev.farspan.export;

import dev.farspan.formats.TensorSink;
import dev.farspan.formats.hf.HfConfig;
import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.formats.safetensors.SafetensorsWriter;
import dev.farspan.formats.safetensors.TensorSpec;
import dev.farspan.formats.text.JsonFile;
import dev.farspan.formats.text.WholeFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/// A Hugging Face directory.
///
/// @param settings its `config.json`
/// @param tensors its weights
/// @param companions what lies beside them
/// @param intended what the settings are meant to say
record HfProduct(
    Map<String, Object> settings, List<OutTensor> tensors, Companions companions, Intended intended)
    implements Product {
  /// As transformers saves: more files are easier to fetch and to map than one.
  private static final long SHARD = 5_000_000_000L;

  private static final Map<String, String> METADATA = Map.of("format", "pt");

  @Override
  public void write(Staging staging, String card, LongConsumer written) {
    Path directory = staging.directory();
    writeSettings(directory);
    WholeFile.write(directory.resolve("README.md"), card);
    writeWeights(directory, written);
  }

  /// Writes what lies beside the weights.
  void writeSettings(Path directory) {
    Path config = directory.resolve(HfConfig.FILE);
    JsonFile.write(config, settings);
    intended.require(HfConfig.read(config).model());
    companions.write(directory);
  }

  @Override
  public void publish(Staging staging, Path out) {
    staging.moveAll(out);
  }

  private void writeWeights(Path directory, LongConsumer written) {
    List<List<OutTensor>> shards = shards();
    if (shards.size() == 1) {
      writeShard(directory.resolve(SafetensorsFile.SINGLE), tensors, written);
      return;
    }
    Map<String, String> places = new LinkedHashMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      writeShard(directory.resolve(name), shards.get(i), written);
      shards.get(i).forEach(tensor -> places.put(tensor.name(), name));
    }
    JsonFile.write(
        directory.resolve(SafetensorsFile.INDEX),
        Map.of("metadata", Map.of("total_size", bytes()), "weight_map", places));
  }

  private List<List<OutTensor>> shards() {
    List<List<OutTensor>> shards = new ArrayList<>();
    long size = SHARD; // so that the first tensor opens the first shard
    for (OutTensor tensor : tensors) {
      if (size + tensor.bytes() > SHARD) {
        shards.add(new ArrayList<>());
        size = 0;
      }
      shards.getLast().add(tensor);
      size += tensor.bytes();
    }
    return shards;
  }

  private static void writeShard(Path file, List<OutTensor> tensors, LongConsumer written) {
    List<TensorSpec> specs =
        tensors.stream().map(t -> new TensorSpec(t.name(), t.dtype(), t.shape())).toList();
    try (TensorSink writer = SafetensorsWriter.create(file, specs, METADATA)) {
      tensors.forEach(tensor -> TensorCopy.copy(tensor, writer, written));
      writer.finish();
    }
  }
}
