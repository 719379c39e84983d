package dev.farspan.cli;

import dev.farspan.evaluation.Fingerprint;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.perplexity.Corpus;
import dev.farspan.evaluation.perplexity.Perplexities;
import dev.farspan.evaluation.perplexity.PerplexityPlan;
import dev.farspan.evaluation.task.Haystack;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.Locale;

/// What tells the runs of evaluations apart: commands that measure the same name it the same, so
/// that each finds the other's measurements.
///
/// @param fingerprint of the model
/// @param trainedLength tokens that it was trained for
record RunIdentity(String fingerprint, int trainedLength) {
  /// What runs on a model have in common; a few megabytes of it are read.
  static RunIdentity of(Model model) {
    return new RunIdentity(
        Fingerprint.ofModel(model.parts().paths()), model.config().trainedLength());
  }

  /// How samples of tasks are drawn, asked and scored.
  ///
  /// @param seed seed of all samples
  /// @param chat whether a chat template stands around prompts
  /// @param scorer who scores
  /// @param preTokenizer how the vocabulary cuts text into words
  /// @param cacheType type of the KV cache
  record Asking(long seed, boolean chat, String scorer, String preTokenizer, CacheType cacheType) {}

  /// A run of `eval perplexity`.
  Labels perplexity(Corpus corpus, PerplexityPlan plan) {
    return run(Perplexities.KIND)
        .and("text", corpus.fingerprint())
        .and("protocol", plan.protocol().name().toLowerCase(Locale.ROOT))
        .and("stride", plan.stride())
        .and("limit", plan.limit() == Integer.MAX_VALUE ? "none" : plan.limit())
        .and("cache_type", plan.cacheType());
  }

  /// A run of `eval passkey`, `eval niah` or `eval ruler`.
  Labels exam(Haystack haystack, ExamRun.Request request, Asking asking) {
    return run(request.kind())
        .and("text", Fingerprint.ofText(haystack.text()))
        .and("tasks", request.definition())
        .and("seed", asking.seed())
        .and("chat", asking.chat())
        .and("scorer", asking.scorer())
        .and("pre_tokenizer", asking.preTokenizer())
        .and("cache_type", asking.cacheType());
  }

  /// A run of a kind, before what else it depends on.
  Labels run(String kind) {
    return Labels.of("kind", kind).and("model", fingerprint).and("trained_length", trainedLength);
  }
}
