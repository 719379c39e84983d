package dev.farspan.cli;

import dev.farspan.formats.checkpoint.Checkpoint;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `farspan info`: what a model is.
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = {
      "Says what a model is: sizes, types of its weights, the RoPE in force for each layer type at"
          + " the claimed length, trained and claimed length, KV cache for each token, tokenizer,"
          + " and what is odd about its configuration."
    },
    footer = {"", "Example:", "  farspan info smollm2-135m-instruct.q4_1.gguf"})
final class InfoCommand implements Callable<Integer> {
  @Mixin private final Console console;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "A directory in Hugging Face's format or an adapter's, a .gguf file, or a name in the store.")
  private String model = "";

  @Mixin private final PreTokenizerArgument preTokenizer = new PreTokenizerArgument();

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  InfoCommand(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    try (Checkpoint checkpoint = Checkpoint.open(console.host().store().find(model))) {
      ModelReport report = ModelReport.of(checkpoint, preTokenizer.name());
      if (json) {
        console.json(report.data());
      } else {
        console.out().print(report.text());
        console.out().flush();
      }
    }
    return 0;
  }
}
