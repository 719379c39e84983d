package dev.farspan.export;

import dev.farspan.formats.TensorSink;
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

  /// Ending of the name of a GGUF file.
  static final String SUFFIX = ".gguf";

  @Override
  public void write(Staging staging, String card, LongConsumer written) {
    Path file = staging.directory().resolve(FILE);
    List<GgufTensorSpec> specs =
        tensors.stream().map(t -> new GgufTensorSpec(t.name(), t.dtype(), t.shape())).toList();
    try (TensorSink writer = GgufWriter.create(file, metadata, specs)) {
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

  /// Returns the name of a file or directory, without the ending of a GGUF file.
  static String stem(Path path) {
    String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  /// Returns where the card of a GGUF file lies.
  static Path card(Path out) {
    return out.resolveSibling(stem(out) + ".md");
  }
}
