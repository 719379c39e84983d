package dev.farspan.cli;

import dev.farspan.cli.hub.Hub;
import dev.farspan.cli.hub.HubName;
import dev.farspan.cli.hub.ModelCopy;
import dev.farspan.cli.hub.ModelDownload;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `farspan pull`: takes a model into the store.
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    description = {
      "Takes a model into the store: from the Hugging Face hub, or from this machine.",
      "A download that was interrupted goes on where it stopped; size and checksum are checked."
          + " HF_TOKEN is sent along for models that need it, HF_ENDPOINT names a mirror.",
      "Prints where the model lies."
    },
    footer = {
      "",
      "Examples:",
      "  farspan pull HuggingFaceTB/SmolLM2-135M-Instruct",
      "  farspan pull unsloth/SmolLM2-135M-Instruct-GGUF:SmolLM2-135M-Instruct-Q4_K_M.gguf",
      "  farspan pull --from ~/Downloads/model.gguf --name my-model.gguf"
    })
final class Pull implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "org/repo, or org/repo:file.gguf for one of several GGUF files.")
  private @Nullable String name;

  @Option(
      names = "--from",
      paramLabel = "FILE|DIR",
      description = "Copy a GGUF file, or a directory in Hugging Face's format, instead.")
  private @Nullable Path from;

  @Option(
      names = "--link",
      description = "With --from: hard-link instead of copying; the model then changes with it.")
  private boolean link;

  @Option(names = "--name", paramLabel = "ALIAS", description = "What to call it in the store.")
  private String alias = "";

  Pull(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    requirePlain(alias);
    Path store = console.host().store().directory();
    Path model;
    if (name != null && from == null) {
      model = download(name, store);
    } else if (name == null && from != null) {
      model = copy(from, store);
    } else {
      throw usage("name either a model on the hub or, with --from, one on this machine");
    }
    console.note(ModelFacts.read(model).sentence());
    console.out().println(model);
    console.out().flush();
    return 0;
  }

  private Path download(String name, Path store) {
    if (link) {
      throw usage("--link goes with --from only");
    }
    HubName parsed;
    try {
      parsed = HubName.parse(name);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    return new ModelDownload(hub(console.host().environment()), console)
        .fetch(parsed, store, alias);
  }

  private static Hub hub(Map<String, String> environment) {
    String endpoint = environment.getOrDefault("HF_ENDPOINT", "https://huggingface.co");
    if (!endpoint.startsWith("https://") && !endpoint.startsWith("http://")) {
      throw new IllegalArgumentException(
          "HF_ENDPOINT is '%s' where an address such as https://huggingface.co is expected"
              .formatted(endpoint));
    }
    return new Hub(URI.create(endpoint), environment.getOrDefault("HF_TOKEN", ""));
  }

  private Path copy(Path source, Path store) {
    if (!Files.exists(source)) {
      throw new IllegalArgumentException(
          "there is no %s to take in: check --from".formatted(source));
    }
    // A file that is no model is refused before anything is copied.
    ModelFacts.read(source);
    String own = String.valueOf(source.toAbsolutePath().normalize().getFileName());
    String called = alias.isEmpty() ? own : alias;
    boolean suffix = Files.isDirectory(source) || called.endsWith(".gguf");
    return new ModelCopy(console, link).take(source, store, suffix ? called : called + ".gguf");
  }

  private void requirePlain(String alias) {
    if (alias.startsWith(".") || alias.contains("/") || alias.contains("\\")) {
      throw usage("--name is a plain name without slashes or a leading dot, not '" + alias + "'");
    }
  }

  private ParameterException usage(@Nullable String sentence) {
    return new ParameterException(spec.commandLine(), String.valueOf(sentence));
  }
}
