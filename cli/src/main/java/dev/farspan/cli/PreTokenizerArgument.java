package dev.farspan.cli;

import dev.farspan.runtime.engine.Model;
import dev.farspan.tokenizer.GgufTokenizer;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// How a GGUF vocabulary cuts text into words, where the file's own word for it is not wanted.
final class PreTokenizerArgument {
  private static final String SMOLLM = "smollm";

  /// Where the readings of `smollm` can differ: a run of whitespace before a digit, or one before a
  /// digit beyond ASCII, which is several bytes.
  private static final Pattern SPACED_DIGIT =
      Pattern.compile("\\s\\s[0-9]|\\s(?![0-9])\\p{N}", Pattern.UNICODE_CHARACTER_CLASS);

  @Option(
      names = "--pre-tokenizer",
      paramLabel = "NAME",
      converter = Name.class,
      description = {
        "How a GGUF file's byte-level BPE cuts text into words; default: what tokenizer.ggml.pre names.",
        "smollm is read as transformers reads it; smollm-digits cuts every digit off first, as"
            + " llama.cpp and the model's tokenizer.json do."
      })
  private String name = "";

  Optional<String> name() {
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  /// Says that another reading of the file may give other ids, where it may for this text.
  void report(Model model, String text, Console console) {
    if (name.isEmpty() && SPACED_DIGIT.matcher(text).find()) {
      model.preTokenizer().flatMap(PreTokenizerArgument::note).ifPresent(console::note);
    }
  }

  /// What to know about a pre-tokenizer that engines do not agree on.
  static Optional<String> note(String pre) {
    return pre.equals(SMOLLM)
        ? Optional.of(
            "the pre-tokenizer smollm is read as transformers reads it; llama.cpp and the model's"
                + " tokenizer.json cut every digit off first, which changes the ids of whitespace"
                + " before digits: --pre-tokenizer smollm-digits does so")
        : Optional.empty();
  }

  /// Accepts the known names.
  static final class Name implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (!GgufTokenizer.preTokenizers().contains(text)) {
        throw new TypeConversionException(
            "no pre-tokenizer '%s'; known: %s"
                .formatted(text, String.join(", ", GgufTokenizer.preTokenizers())));
      }
      return text;
    }
  }
}
