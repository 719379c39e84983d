package dev.farspan.cli;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.evaluation.bench.Calibration;
import dev.farspan.planner.claims.Combination;
import dev.farspan.planner.claims.PublishedClaim;
import dev.farspan.planner.memory.Alternative;
import dev.farspan.planner.memory.CacheTypes;
import dev.farspan.planner.memory.MemoryPlan;
import dev.farspan.planner.memory.Reading;
import dev.farspan.planner.memory.Scratch;
import dev.farspan.planner.time.Sample;
import dev.farspan.planner.training.Recipe;
import dev.farspan.planner.training.TrainingCost;
import dev.farspan.planner.training.TrainingCost.Square;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A plan as data, for programs.
final class PlanJson {
  private final PlanReport report;

  PlanJson(PlanReport report) {
    this.report = report;
  }

  Map<String, Object> data() {
    AttentionConfig heads = report.shape().config().attention();
    Reading reading = report.request().reading();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("model", report.shape().name());
    data.put("parameters", report.shape().parameters());
    data.put("layers", report.shape().config().layers().size());
    data.put("heads", heads.heads());
    data.put("kv_heads", heads.kvHeads());
    data.put("head_dim", heads.headDim());
    data.put("trained_length", report.shape().config().trainedLength());
    data.put("tokens", reading.tokens());
    data.put("read", reading.prompt());
    data.put("written", reading.written());
    data.put("method", report.plan().method().name());
    data.put("cache_type", report.request().types().toString());
    data.put("batch", report.request().batch());
    data.put("memory", memory(report.plan()));
    data.put("limit_bytes", report.limit());
    data.put("fits", report.fits());
    data.put("alternatives", report.alternatives().stream().map(PlanJson::alternative).toList());
    data.put("jvm_flags", List.of("-Xmx" + (report.plan().heap() >> 20) + "m"));
    data.put("kv_cache_bytes", caches());
    data.put("combinations", report.combinations().stream().map(PlanJson::combination).toList());
    data.put("published", PublishedClaim.ALL.stream().map(PlanJson::claim).toList());
    data.put("prefill_flops", report.work().prefillFlops(reading.prompt()));
    data.put("training", training());
    report.times().ifPresent(times -> data.put("time", time(times)));
    return data;
  }

  private static Map<String, Object> memory(MemoryPlan plan) {
    Scratch scratch = plan.scratch();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("weights", plan.weights());
    data.put("kv_cache", plan.caches());
    data.put("kv_pages", plan.cache().pages());
    data.put("kv_page_bytes", plan.cache().pageBytes());
    data.put("kv_exact_pages", plan.cache().exactPages());
    data.put("kv_exact_page_bytes", plan.cache().exactPageBytes());
    data.put("activations", scratch.activations());
    data.put("logits", scratch.logits());
    data.put("threads", scratch.workers());
    data.put("rotations", scratch.rotations());
    data.put("retrieval", scratch.retrieval());
    data.put("vocabulary", scratch.vocabulary());
    data.put("page_records", scratch.pages());
    data.put("heap", plan.touchedHeap());
    data.put("jvm", plan.jvm());
    data.put("total", plan.total());
    return data;
  }

  private static Map<String, Object> alternative(Alternative alternative) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("method", alternative.plan().method().name());
    data.put("cache_type", alternative.request().types().toString());
    data.put("tokens", alternative.request().reading().tokens());
    data.put("batch", alternative.request().batch());
    data.put("total", alternative.plan().total());
    return data;
  }

  private Map<String, Object> caches() {
    Map<String, Object> data = new LinkedHashMap<>();
    report
        .caches()
        .forEach(
            (method, row) -> {
              Map<String, Object> types = new LinkedHashMap<>();
              row.forEach((type, bytes) -> types.put(type.toString(), bytes));
              data.put(method, types);
            });
    return data;
  }

  private static Map<String, Object> combination(Combination combination) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("multi_head", combination.multiHead());
    data.put("type", CacheTypes.of(combination.type()).toString());
    data.put("bytes", combination.perSequence());
    data.put("batch_of_100_gb", combination.batchOfHundredGb());
    return data;
  }

  private static Map<String, Object> claim(PublishedClaim claim) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("text", claim.text());
    data.put("source", claim.source());
    data.put("kv_heads", claim.kvHeads());
    data.put("type", CacheTypes.of(claim.type()).toString());
    data.put("tokens", claim.tokens());
    data.put("batch", claim.batch());
    data.put("computed", claim.computed());
    return data;
  }

  private Map<String, Object> training() {
    TrainingCost cost = report.training();
    int from = report.shape().config().trainedLength();
    int to = report.tokens();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("from", from);
    data.put("to", to);
    data.put("sequence_ratio_without_attention", (double) to / from);
    data.put("sequence_ratio", cost.sequenceRatio(from, to, Square.FULL));
    data.put("sequence_ratio_causal", cost.sequenceRatio(from, to, Square.CAUSAL));
    data.put("train_tokens", report.trainTokens());
    data.put("flops_at_trained_length", cost.flops(report.trainTokens(), from, Square.FULL));
    data.put("flops_native", cost.flops(report.trainTokens(), to, Square.FULL));
    Map<String, Object> recipes = new LinkedHashMap<>();
    for (Recipe recipe : Recipe.ALL) {
      int length = recipe.length(from, to);
      recipes.put(recipe.name(), cost.flops(recipe.tokens(length), length, Square.FULL));
    }
    data.put("flops_of_extension", recipes);
    return data;
  }

  private Map<String, Object> time(PlanTimes times) {
    Reading reading = report.request().reading();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("samples", times.samples().stream().map(PlanJson::sample).toList());
    data.put("read_seconds_per_token", times.prefill().perToken());
    data.put("read_seconds_per_pair", times.prefill().perPair());
    data.put("read_seconds", times.prefill().seconds(reading.prompt()));
    data.put("written_seconds", times.decode().seconds(reading.prompt(), reading.tokens()));
    times.measured().ifPresent(whole -> data.put("measured", measured(whole)));
    return data;
  }

  private static Map<String, Object> sample(Sample sample) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("tokens", sample.tokens());
    data.put("read_seconds", sample.readSeconds());
    data.put("written_seconds", sample.writtenSeconds());
    return data;
  }

  private static Map<String, Object> measured(Calibration.Whole whole) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("read_seconds", whole.readSeconds());
    data.put("written_seconds", whole.writtenSeconds());
    data.put("kv_cache", whole.cacheBytes());
    whole
        .resident()
        .ifPresent(
            set -> {
              data.put("resident", set.total());
              data.put("resident_anonymous", set.anonymous());
              data.put("resident_mapped", set.mapped());
            });
    return data;
  }
}
