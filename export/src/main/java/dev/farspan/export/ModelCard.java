package dev.farspan.export;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.export.ExportOptions.Format;
import dev.farspan.formats.text.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// What a model is, how it was made, how it did, and how to run it: Markdown, with the header that
/// model hubs read.
///
/// @param source the model that was exported
/// @param options what was asked for
/// @param context what the files say about positions
/// @param out where they go
record ModelCard(ModelSource source, ExportOptions options, CarriedContext context, Path out) {
  String text() {
    return header() + title() + method() + training() + evaluation() + running();
  }

  private boolean isGguf() {
    return options.format() instanceof Format.Gguf;
  }

  private String header() {
    String library = isGguf() ? "gguf" : "transformers";
    return """
        ---
        library_name: %s
        tags:
        - long-context
        - farspan
        ---

        """
        .formatted(library);
  }

  private String title() {
    ModelConfig model = source.config();
    return """
        # %s

        %s, a %s model trained for %s tokens, exported by Farspan with a context of %s tokens.

        """
        .formatted(
            GgufProduct.stem(out),
            source.name(),
            model.family(),
            count(model.trainedLength()),
            count(context.length()));
  }

  private String method() {
    ModelConfig model = source.config();
    int main = model.mainRopeIndex();
    RopeConfig rope = model.ropes().get(main);
    MethodFacts facts = MethodFacts.of(context.policies().get(main), rope.base());
    String noted =
        context
            .noted()
            .map(
                method ->
                    """

                    Measured with the method `%s`, which these files can't express: run them with
                    `farspan generate ... --method %s`. Other engines compute the model without it.
                    """
                        .formatted(method, method))
            .orElse("");
    return """
        ## Context

        | | |
        |---|---|
        | method | %s (`--method %s`) |
        | what it does | %s |
        | source | %s |
        | trained length L | %s tokens |
        | extended length | %s tokens (%s L) |
        %s
        """
        .formatted(
            facts.name(),
            options.method(),
            facts.equation(),
            facts.source(),
            count(rope.base().trainedLength()),
            count(context.length()),
            MethodFacts.number((double) context.length() / rope.base().trainedLength()),
            noted);
  }

  /// What the trainer left beside the model, if it was tuned.
  private String training() {
    Path file = source.tensors().path().resolve(Export.TUNING);
    if (!(source instanceof ModelSource.HuggingFace) || !Files.isRegularFile(file)) {
      return "## Training\n\nNone by this export: the weights are those of the model it was made of.\n\n";
    }
    StringBuilder text = new StringBuilder("## Training\n\n| | |\n|---|---|\n");
    for (Map.Entry<String, Object> fact : JsonFile.read(file).entrySet()) {
      text.append("| %s | %s |\n".formatted(fact.getKey().replace('_', ' '), fact.getValue()));
    }
    return text.append('\n').toString();
  }

  private String evaluation() {
    return "## Evaluation\n\n"
        + options
            .evaluation()
            .map(directory -> EvaluationText.of(directory).text())
            .orElse("None was given to the export (`--evaluation DIR`).\n")
        + "\n";
  }

  private String running() {
    String file = String.valueOf(out.getFileName());
    FrequencyPolicy main = context.policies().get(source.config().mainRopeIndex());
    String vllm =
        Vllm.computes(main)
            ? "vllm serve ./%s --max-model-len %d\n".formatted(file, context.length())
            : "";
    String commands =
        isGguf()
            ? """
              llama-server -m %s -c %d
              farspan generate %s --file long.txt
              """
                .formatted(file, context.length(), file)
            : vllm + "farspan generate %s --file long.txt\n".formatted(file);
    String remark =
        Vllm.remark(main, source.config().family(), context.length())
            .map(text -> "\n" + text + ".\n")
            .orElse("");
    return "## Running it\n\n```\n" + commands + "```\n" + (isGguf() ? "" : remark + python(file));
  }

  /// The oldest version that the files were read with; both generations of keys are in them, or
  /// those that both read.
  private static String python(String file) {
    return """

        ```
        pip install "transformers>=4.57"
        ```

        ```python
        from transformers import AutoModelForCausalLM, AutoTokenizer
        model = AutoModelForCausalLM.from_pretrained("./%s")
        tokenizer = AutoTokenizer.from_pretrained("./%s")
        ```
        """
        .formatted(file, file);
  }

  private static String count(int tokens) {
    return String.format(Locale.ROOT, "%,d", tokens);
  }
}
