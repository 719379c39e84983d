package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.checkpoint.ModelParts;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What a model on disk is, at a glance.
///
/// @param path where it lies
/// @param layout how it is stored
/// @param config its shape
/// @param types what its tensors are made of, the largest share first
record ModelFacts(Path path, Checkpoint.Layout layout, ModelConfig config, List<Share> types) {
  /// All tensors of one type.
  record Share(DType type, int tensors, long parameters, long bytes) {
    private Share plus(Tensor tensor) {
      long elements = tensor.shape().elements();
      return new Share(
          type, tensors + 1, parameters + elements, bytes + tensor.dtype().bytes(elements));
    }
  }

  ModelFacts {
    types = List.copyOf(types);
  }

  static ModelFacts read(Path path) {
    return read(ModelParts.of(path));
  }

  static ModelFacts read(ModelParts parts) {
    try (Checkpoint checkpoint = Checkpoint.open(parts)) {
      return of(checkpoint);
    }
  }

  static ModelFacts of(Checkpoint checkpoint) {
    Map<DType, Share> shares = new EnumMap<>(DType.class);
    for (Tensor tensor : checkpoint.tensors().values()) {
      DType type = tensor.dtype();
      shares.put(type, shares.getOrDefault(type, new Share(type, 0, 0, 0)).plus(tensor));
    }
    List<Share> types = new ArrayList<>(shares.values());
    types.sort((a, b) -> Long.compare(b.bytes(), a.bytes()));
    return new ModelFacts(checkpoint.path(), checkpoint.layout(), checkpoint.config(), types);
  }

  /// Bytes of all weights.
  long bytes() {
    return types.stream().mapToLong(Share::bytes).sum();
  }

  long parameters() {
    return types.stream().mapToLong(Share::parameters).sum();
  }

  /// The layout as a word.
  String kind() {
    return kind(layout);
  }

  static String kind(Checkpoint.Layout layout) {
    return switch (layout) {
      case GGUF -> "gguf";
      case HUGGING_FACE -> "hf";
    };
  }

  String sentence() {
    return "%s: a %s model of %s parameters (%s), trained for %s tokens"
        .formatted(
            path.getFileName(),
            config.family(),
            Amounts.count(parameters()),
            Amounts.bytes(bytes()),
            Amounts.count(config.trainedLength()));
  }
}
