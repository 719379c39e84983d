package dev.farspan.export;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.export.ExportOptions.Format;
import dev.farspan.export.ExportOptions.Inexpressible;
import dev.farspan.tensor.DType;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// One export, checked as far as it can be before anything is written.
public final class Export implements AutoCloseable {
  /// File in a tuned model's directory with what its card says of the training.
  public static final String TUNING = "tuning.json";

  private final ModelSource source;
  private final Product product;
  private final Path out;
  private final String card;
  private final List<String> notes;

  private Export(ModelSource source, Product product, Path out, String card, List<String> notes) {
    this.source = source;
    this.product = product;
    this.out = out;
    this.card = card;
    this.notes = List.copyOf(notes);
  }

  /// Returns an export that is ready to run.
  ///
  /// @param model a GGUF file or a Hugging Face directory
  /// @param options what to make of it
  /// @param out the file or directory to write; nothing may be there
  /// @return the export, to be run and closed
  /// @throws IllegalArgumentException in one sentence, if the format cannot express the method or
  ///   the model, or something is at the destination
  /// @throws dev.farspan.formats.FormatException if the model cannot be read
  /// @throws java.io.UncheckedIOException if a file cannot be read
  public static Export of(Path model, ExportOptions options, Path out) {
    requireFree(out, options.format());
    ModelSource source = ModelSource.open(model);
    boolean done = false;
    try {
      CarriedContext context = CarriedContext.of(source.config(), options);
      Product product = new Products(options, context).of(source);
      String card = new ModelCard(source, options, context, out).text();
      Export export = new Export(source, product, out, card, notes(source, options, context));
      done = true;
      return export;
    } finally {
      if (!done) {
        source.close();
      }
    }
  }

  private static void requireFree(Path out, Format format) {
    boolean gguf = format instanceof Format.Gguf;
    if (gguf && !String.valueOf(out.getFileName()).endsWith(GgufProduct.SUFFIX)) {
      throw new IllegalArgumentException(
          out + " is no name for a GGUF file: give --out a name that ends with .gguf");
    }
    for (Path path : gguf ? List.of(out, GgufProduct.card(out)) : List.of(out)) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new IllegalArgumentException(
            path + " is there already: name another --out, or remove it");
      }
    }
  }

  private static List<String> notes(
      ModelSource source, ExportOptions options, CarriedContext context) {
    List<String> notes = new ArrayList<>();
    context
        .noted()
        .ifPresent(
            method ->
                notes.add(
                    "the files name '%s' under a key of Farspan's own; other engines compute the model without it"
                        .formatted(method)));
    if (options.whatIsLeft() == Inexpressible.NOTED && context.noted().isEmpty()) {
      notes.add(
          "the format expresses '%s', so that nothing is left to keep as a note"
              .formatted(options.method()));
    }
    FrequencyPolicy main = context.policies().get(source.config().mainRopeIndex());
    if (options.format() instanceof Format.HuggingFace && !Vllm.computes(main)) {
      Vllm.remark(main, source.config().family(), context.length()).ifPresent(notes::add);
    }
    boolean quantized =
        source.tensors().tensors().values().stream().anyMatch(t -> t.dtype().isQuantized());
    if (quantized && options.type().map(DType::isQuantized).orElse(false)) {
      notes.add("the weights are quantised already; quantising them again loses more");
    }
    return notes;
  }

  /// Returns what a user should know before it runs.
  ///
  /// @return sentences
  public List<String> notes() {
    return notes;
  }

  /// Returns how many bytes of weights are written.
  ///
  /// @return their size
  public long bytes() {
    return product.bytes();
  }

  /// Returns the shape of the model that is exported.
  ///
  /// @return its configuration
  public ModelConfig model() {
    return source.config();
  }

  /// Writes the files; if that fails, nothing is at the destination.
  ///
  /// @param progress told how many bytes of weights are written so far
  /// @throws IllegalArgumentException if there is too little room, a weight does not fit its type,
  ///   or what was written does not read back as what was meant
  /// @throws java.io.UncheckedIOException if a file cannot be written
  public void run(LongConsumer progress) {
    try (Staging staging = Staging.beside(out)) {
      staging.requireRoom(bytes());
      long[] done = {0};
      product.write(
          staging,
          card,
          bytes -> {
            done[0] += bytes;
            progress.accept(done[0]);
          });
      product.publish(staging, out);
    }
  }

  /// Unmaps the model.
  @Override
  public void close() {
    source.close();
  }
}
