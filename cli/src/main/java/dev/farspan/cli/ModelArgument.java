package dev.farspan.cli;

import dev.farspan.context.lint.Finding;
import dev.farspan.formats.checkpoint.ModelParts;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.engine.ModelOptions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The model a command runs.
final class ModelArgument {
  @Parameters(
      paramLabel = "MODEL",
      description =
          "A directory in Hugging Face's format or an adapter's, a .gguf file, or a name in the store.")
  private String model = "";

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description =
          "A low-rank adapter (LoRA, in PEFT's format) to merge into MODEL; one whose own directory"
              + " is named as MODEL finds its base itself.")
  private @Nullable String adapter;

  @Mixin private final ThreadsArgument threads = new ThreadsArgument();

  /// The model as it was named.
  String name() {
    return model;
  }

  int threads() {
    return threads.count();
  }

  /// Opens the model and says what is odd about it.
  Model open(Console console) {
    return open(console, Optional.empty());
  }

  /// Opens the model, text cut into words by that pre-tokenizer, and says what is odd about it.
  Model open(Console console, Optional<String> preTokenizer) {
    ModelOptions options = new ModelOptions(threads.count(), preTokenizer);
    return open(parts(console.host().store()), options, console);
  }

  private ModelParts parts(ModelStore store) {
    String named = adapter;
    return named == null
        ? ModelParts.of(store.find(model))
        : new ModelParts(store.find(model), List.of(store.find(named)));
  }

  /// Opens a model and says what is odd about it.
  static Model open(ModelParts parts, ModelOptions options, Console console) {
    Model opened = Model.open(parts, options);
    for (Finding finding : opened.findings()) {
      console.note(finding.sentence());
    }
    return opened;
  }
}
