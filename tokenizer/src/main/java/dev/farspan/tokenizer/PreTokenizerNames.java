package dev.farspan.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Which name of `tokenizer.ggml.pre` stands for what a tokenizer.json does before merging.
final class PreTokenizerNames {
  /// Of several names for the same expressions these come first. `smollm` never comes: its readers
  /// differ (docs/decisions/0007-pre-tokenizer-of-gguf-smollm.md).
  private static final List<String> PREFERRED =
      List.of("gpt-2", "llama-bpe", "qwen2", "starcoder", "tekken", "gpt-4o", "dbrx", "stablelm2");

  private static final String DIGIT = "\\p{N}";

  private final Path source;
  private final List<String> splits = new ArrayList<>();

  private PreTokenizerNames(Path source) {
    this.source = source;
  }

  /// Returns the name.
  ///
  /// @param root a tokenizer.json of byte-level BPE
  /// @param mergeless whether it joins nothing, so that no cut matters
  /// @throws IllegalArgumentException if there is none; a near one would change the ids
  static String of(JsonNode root, boolean mergeless, Path source) {
    PreTokenizerNames names = new PreTokenizerNames(source);
    JsonNode normalizer = root.path("normalizer");
    String normal = normalizer.path("type").asString("none");
    if (!List.of("none", "NFC").contains(normal)) {
      throw names.refusal("normalises text by " + normal);
    }
    names.read(root.path("pre_tokenizer"));
    boolean composes = normal.equals("NFC");
    boolean ignoresMerges = root.path("model").path("ignore_merges").asBoolean(false);
    if (mergeless && !composes) {
      return PREFERRED.getFirst();
    }
    return names
        .candidates()
        .filter(name -> names.matches(PreTokenizer.named(name), composes, ignoresMerges))
        .findFirst()
        .orElseThrow(() -> names.refusal("cuts text by " + names.splits));
  }

  private Stream<String> candidates() {
    return Stream.concat(
        PREFERRED.stream(),
        PreTokenizer.names().stream().filter(name -> !name.startsWith("smollm")));
  }

  private boolean matches(PreTokenizer pre, boolean composes, boolean ignoresMerges) {
    return pre.splits().equals(splits)
        && pre.has(PreTokenizer.Trait.COMPOSES_UNICODE) == composes
        && pre.has(PreTokenizer.Trait.IGNORES_MERGES) == ignoresMerges;
  }

  private void read(JsonNode step) {
    String type = step.path("type").asString("none");
    switch (type) {
      case "none" -> {}
      case "Sequence" -> step.path("pretokenizers").forEach(this::read);
      case "ByteLevel" -> {
        if (step.path("add_prefix_space").asBoolean(false)) {
          throw refusal("puts a space before every text");
        }
        if (step.path("use_regex").asBoolean(true)) {
          splits.addAll(PreTokenizer.named(PREFERRED.getFirst()).splits());
        }
      }
      case "Digits" ->
          splits.add(step.path("individual_digits").asBoolean(false) ? DIGIT : DIGIT + "+");
      case "Split" -> splits.add(expression(step));
      default -> throw refusal("cuts text by " + type);
    }
  }

  private String expression(JsonNode split) {
    String behavior = split.path("behavior").asString("");
    boolean inverted = split.path("invert").asBoolean(false);
    boolean keepsAll =
        (behavior.equals("Isolated") && !inverted) || (behavior.equals("Removed") && inverted);
    return Optional.of(split.path("pattern").path("Regex").asString(""))
        .filter(expression -> keepsAll && !expression.isEmpty())
        .orElseThrow(() -> refusal("cuts text by " + split));
  }

  private IllegalArgumentException refusal(String what) {
    return new IllegalArgumentException(
        "%s can't be written to GGUF: it %s, and no name of tokenizer.ggml.pre stands for that"
            .formatted(source, what));
  }
}
