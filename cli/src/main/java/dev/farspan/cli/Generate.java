package dev.farspan.cli;

import dev.farspan.runtime.engine.GenerationRequest;
import dev.farspan.runtime.engine.GenerationResult;
import dev.farspan.runtime.engine.Generator;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.sample.SamplingOptions;
import dev.farspan.tokenizer.ChatMessage;
import dev.farspan.tokenizer.ChatTemplate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `farspan generate`: reads a prompt and continues it.
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Reads a prompt of any length and continues it, printing the text as it comes.",
      "A prompt given with -p is put to a chat model as a message of the user; a file is continued"
          + " as it is. --chat and --no-chat say otherwise.",
      "Progress, notes and rates go to standard error."
    },
    footer = {
      "",
      "Examples:",
      "  farspan generate smollm2-135m-instruct.q4_1.gguf -p \"Why is the sky blue?\"",
      "  farspan generate smollm2-135m-instruct.q4_1.gguf --file long.txt --max-tokens 200",
      "  farspan generate MODEL --file long.txt --method yarn:factor=4 --cache-type f16"
    })
final class Generate implements Callable<Integer> {
  @Mixin private final Console console;

  @Mixin private final ModelArgument model = new ModelArgument();

  @Mixin private final PreTokenizerArgument preTokenizer = new PreTokenizerArgument();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private PromptArguments prompt = new PromptArguments();

  @Mixin private final ContextArguments context = new ContextArguments();

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      converter = TokenCount.Positive.class,
      description = "Tokens to generate at most; default: 256.")
  private int maxTokens = 256;

  @Mixin private final SamplingArguments sampling = new SamplingArguments();

  @Option(
      names = "--stop",
      paramLabel = "STR",
      description = "End before this text; may be given several times.")
  private List<String> stops = List.of();

  @Option(
      names = "--chat",
      negatable = true,
      description = "Put the prompt as a message of the user, or (--no-chat) continue it as it is.")
  private @Nullable Boolean chat;

  @Option(
      names = "--block",
      paramLabel = "N",
      converter = TokenCount.Positive.class,
      description = "Tokens of the prompt computed together; default: 512.")
  private int block = 512;

  @Option(
      names = "--json",
      description = "Print one JSON object at the end instead of the text as it comes.")
  private boolean json;

  Generate(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    SamplingOptions drawing = sampling.options();
    String text = prompt.read();
    try (Model opened = model.open(console, preTokenizer.name())) {
      int[] ids = encode(opened, text);
      int reach = context.reach(ids.length, maxTokens);
      Evidences.Choice choice = Evidences.refine(context.method(), opened, reach, console);
      GenerationRequest request =
          new GenerationRequest(
              Arrays.stream(ids).boxed().toList(),
              maxTokens,
              context.context(choice),
              drawing,
              stops,
              block);
      try (GenerationOutput output = new GenerationOutput(console, json)) {
        GenerationResult result = new Generator(opened).generate(request, output);
        output.finish(result, context.cacheType());
      }
    }
    return 0;
  }

  private int[] encode(Model opened, String text) {
    Optional<ChatTemplate> template =
        chat == null && prompt.isFile() ? Optional.empty() : template(opened);
    if (template.isEmpty()) {
      preTokenizer.report(opened, text, console);
      return opened.tokenizer().encode(text, true);
    }
    if (chat == null) {
      console.note(
          "the prompt is put as a message of the user, for the model has a chat template; --no-chat"
              + " continues it as it is");
    }
    String rendered = template.get().render(List.of(new ChatMessage("user", text)), true);
    preTokenizer.report(opened, rendered, console);
    return opened.tokenizer().encode(rendered, false);
  }

  private Optional<ChatTemplate> template(Model opened) {
    if (chat != null && !chat) {
      return Optional.empty();
    }
    Optional<ChatTemplate> template = opened.chatTemplate();
    if (template.isEmpty() && chat != null) {
      throw new IllegalArgumentException(
          opened.path()
              + " has no chat template: leave out --chat to continue the prompt as it is");
    }
    return template;
  }
}
