package dev.farspan.export;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.export.ExportOptions.Format;
import dev.farspan.export.ExportOptions.Inexpressible;
import dev.farspan.formats.hf.HfRopeWriter;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A GGUF model as transformers reads it, but for its weights: for somebody who changes those
/// before they are written.
public final class HfForm {
  private final HfProduct product;
  private final Map<String, Shape> plain;

  private HfForm(HfProduct product) {
    this.product = product;
    this.plain =
        product.tensors().stream()
            .filter(tensor -> tensor.shift() == 0)
            .collect(Collectors.toUnmodifiableMap(OutTensor::name, OutTensor::shape));
  }

  /// Returns the form of a model.
  ///
  /// @param gguf a GGUF file
  /// @param type the type its weights are going to have: F32, F16 or BF16
  /// @return its form
  /// @throws IllegalArgumentException in one sentence, if transformers has no such model
  /// @throws dev.farspan.formats.FormatException if the model cannot be read
  /// @throws java.io.UncheckedIOException if the file cannot be read
  public static HfForm of(Path gguf, DType type) {
    ExportOptions options =
        new ExportOptions(
            new Format.HuggingFace(HfRopeWriter.Form.OLD), // which every version reads
            MethodSpec.parse("file"),
            ExportOptions.REACH,
            Optional.of(type),
            Inexpressible.REFUSED,
            Optional.empty());
    try (ModelSource source = ModelSource.open(gguf)) {
      Products products = new Products(options, CarriedContext.of(source.config(), options));
      return switch (products.of(source)) {
        case HfProduct product -> new HfForm(product);
        case GgufProduct _ -> throw new IllegalStateException("asked for another format");
      };
    }
  }

  /// Returns whether transformers stores a tensor of this name and shape with the values that are
  /// computed with, neither shifted nor joined with others.
  ///
  /// @param name what transformers calls it
  /// @param shape its extents
  /// @return whether it does
  public boolean stores(String name, Shape shape) {
    Shape stored = plain.get(name);
    return stored != null && stored.equals(shape);
  }

  /// Writes `config.json` and the tokenizer's files, and checks that they read back as what is
  /// meant.
  ///
  /// @param directory where to, which is there
  /// @throws IllegalArgumentException if the tokenizer or the shape can't be expressed
  /// @throws java.io.UncheckedIOException if a file cannot be written
  public void write(Path directory) {
    product.writeSettings(directory);
  }
}
