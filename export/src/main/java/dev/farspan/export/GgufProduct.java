package dev.farspan.export;

import dev.farspan.formats.gguf.GgufConfig;
import dev.farspan.formats.gguf.GgufFile;
import dev.farspan.formats.gguf.GgufTensorSpec;
import dev.farspan.formats.gguf.GgufValue;
import dev.farspan.formats.gguf.GgufWriter;
import dev.farspan.formats.text.WholeFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/// A GGUF file and its card.
///
/// @param metadata its keys
/// @param tensors its weights, in order
/// @param intended what the keys are meant to say
record GgufProduct(Map<String, GgufValue> metadata, List<OutTensor> tensors, Intended intended)
    implements Product {
  private static final String FILE = "model.gguf";
  private static final String CARD = "model.md";

  @Override
  public long bytes() {
    return tensors.stream().mapToLong(OutTensor::bytes).sum();
  }

  @Override
  public void write(Staging staging, String card, LongConsumer written) {
    Path file = staging.directory().resolve(FILE);
    List<GgufTensorSpec> specs =
        tensors.stream().map(t -> new GgufTensorSpec(t.name(), t.dtype(), t.shape())).toList();
    try (GgufWriter writer = GgufWriter.create(file, metadata, specs)) {
      tensors.forEach(tensor -> TensorCopy.copy(tensor, writer, written));
      writer.finish();
    }
    try (GgufFile read = GgufFile.open(file)) {
      intended.require(GgufConfig.of(read).model());
    }
    WholeFile.write(staging.directory().resolve(CARD), card);
  }

  @Override
  public void publish(Staging staging, Path out) {
    // The card first: a model without one would look finished.
    staging.move(staging.directory().resolve(CARD), card(out));
    staging.move(staging.directory().resolve(FILE), out);
  }

  /// Returns where the card of a GGUF file lies.
  static Path card(Path out) {
    String name = String.valueOf(out.getFileName());
    return out.resolveSibling(name.substring(0, name.length() - ".gguf".length()) + ".md");
  }
}
