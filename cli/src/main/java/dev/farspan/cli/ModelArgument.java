package dev.farspan.cli;

import dev.farspan.context.lint.Finding;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.engine.ModelOptions;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The model a command runs.
final class ModelArgument {
  @Parameters(
      paramLabel = "MODEL",
      description = "A directory in Hugging Face's format, a .gguf file, or a name in the store.")
  private String model = "";

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that compute; default: one for each processor.")
  private int threads = Runtime.getRuntime().availableProcessors();

  /// The model as it was named.
  String name() {
    return model;
  }

  int threads() {
    return threads;
  }

  /// Opens the model and says what is odd about it.
  Model open(Console console) {
    return open(console, Optional.empty());
  }

  /// Opens the model, text cut into words by that pre-tokenizer, and says what is odd about it.
  Model open(Console console, Optional<String> preTokenizer) {
    if (threads < 1) {
      throw new IllegalArgumentException("--threads must be at least 1, got " + threads);
    }
    ModelOptions options = new ModelOptions(threads, preTokenizer);
    Model opened = Model.open(console.host().store().find(model), options);
    for (Finding finding : opened.findings()) {
      console.note(finding.sentence());
    }
    return opened;
  }
}
