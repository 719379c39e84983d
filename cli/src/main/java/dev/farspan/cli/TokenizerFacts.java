package dev.farspan.cli;

import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.engine.ModelOptions;
import dev.farspan.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What a model's tokenizer is, or why it cannot be used.
sealed interface TokenizerFacts {
  /// A tokenizer that opens.
  record Usable(
      int vocabSize,
      Optional<String> preTokenizer,
      boolean addsBeginOfText,
      Set<Integer> endOfText,
      boolean chatTemplate)
      implements TokenizerFacts {}

  /// None that opens.
  record Unusable(String problem) implements TokenizerFacts {}

  static TokenizerFacts of(Checkpoint checkpoint, Optional<String> preTokenizer) {
    try (Model model = Model.open(checkpoint.parts(), new ModelOptions(1, preTokenizer))) {
      Tokenizer tokenizer = model.tokenizer();
      return new Usable(
          tokenizer.vocabSize(),
          model.preTokenizer(),
          tokenizer.addsBeginOfText(),
          new TreeSet<>(model.endOfText()),
          model.chatTemplate().isPresent());
    } catch (RuntimeException e) {
      if (preTokenizer.isPresent()) {
        throw e; // a choice that does not fit is refused, as by the commands that read text
      }
      // The rest of the report is still worth reading.
      return new Unusable(Errors.sentence(e));
    }
  }

  default Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    switch (this) {
      case Usable usable -> {
        data.put("vocab_size", usable.vocabSize());
        usable.preTokenizer().ifPresent(pre -> data.put("pre_tokenizer", pre));
        note().ifPresent(note -> data.put("note", note));
        data.put("adds_begin_of_text", usable.addsBeginOfText());
        data.put("end_of_text", usable.endOfText());
        data.put("chat_template", usable.chatTemplate());
      }
      case Unusable(String problem) -> data.put("error", problem);
    }
    return data;
  }

  /// What to know before text is read.
  default Optional<String> note() {
    return switch (this) {
      case Usable usable -> usable.preTokenizer().flatMap(PreTokenizerArgument::note);
      case Unusable _ -> Optional.empty();
    };
  }

  default String sentence() {
    return switch (this) {
      case Usable usable ->
          "%d ids, %s%s begin of text, ends at %s, %s chat template"
              .formatted(
                  usable.vocabSize(),
                  usable.preTokenizer().map(pre -> "pre-tokenizer " + pre + ", ").orElse(""),
                  usable.addsBeginOfText() ? "adds" : "adds no",
                  usable.endOfText(),
                  usable.chatTemplate() ? "has a" : "has no");
      case Unusable(String problem) -> "cannot be used: " + problem;
    };
  }
}
