package dev.farspan.cli;

import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.runtime.engine.Model;
import dev.farspan.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What a model's tokenizer is, or why it cannot be used.
sealed interface TokenizerFacts {
  /// A tokenizer that opens.
  record Usable(
      int vocabSize, boolean addsBeginOfText, Set<Integer> endOfText, boolean chatTemplate)
      implements TokenizerFacts {}

  /// None that opens.
  record Unusable(String problem) implements TokenizerFacts {}

  static TokenizerFacts of(Checkpoint checkpoint) {
    try (Model model = Model.open(checkpoint.path(), 1)) {
      Tokenizer tokenizer = model.tokenizer();
      return new Usable(
          tokenizer.vocabSize(),
          tokenizer.addsBeginOfText(),
          new TreeSet<>(model.endOfText()),
          model.chatTemplate().isPresent());
    } catch (RuntimeException e) {
      // The rest of the report is still worth reading.
      return new Unusable(Errors.sentence(e));
    }
  }

  default Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    switch (this) {
      case Usable usable -> {
        data.put("vocab_size", usable.vocabSize());
        data.put("adds_begin_of_text", usable.addsBeginOfText());
        data.put("end_of_text", usable.endOfText());
        data.put("chat_template", usable.chatTemplate());
      }
      case Unusable(String problem) -> data.put("error", problem);
    }
    return data;
  }

  default String sentence() {
    return switch (this) {
      case Usable usable ->
          "%d ids, %s begin of text, ends at %s, %s chat template"
              .formatted(
                  usable.vocabSize(),
                  usable.addsBeginOfText() ? "adds" : "adds no",
                  usable.endOfText(),
                  usable.chatTemplate() ? "has a" : "has no");
      case Unusable(String problem) -> "cannot be used: " + problem;
    };
  }
}
