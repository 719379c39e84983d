package dev.farspan.cli;

import dev.farspan.context.lint.Finding;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.engine.ModelOptions;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// The model a command runs.
final class ModelArgument {
  @Parameters(
      paramLabel = "MODEL",
      description = "A directory in Hugging Face's format, a .gguf file, or a name in the store.")
  private String model = "";

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
    return open(console.host().store().find(model), options, console);
  }

  /// Opens a model and says what is odd about it.
  static Model open(Path path, ModelOptions options, Console console) {
    Model opened = Model.open(path, options);
    for (Finding finding : opened.findings()) {
      console.note(finding.sentence());
    }
    return opened;
  }
}
