package dev.farspan.cli;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.planner.claims.Combination;
import dev.farspan.planner.memory.Alternative;
import dev.farspan.planner.memory.Alternatives;
import dev.farspan.planner.memory.CacheGrowth;
import dev.farspan.planner.memory.CacheTypes;
import dev.farspan.planner.memory.MemoryPlan;
import dev.farspan.planner.memory.Request;
import dev.farspan.planner.shape.ModelShape;
import dev.farspan.planner.time.Work;
import dev.farspan.planner.training.TrainingCost;
import dev.farspan.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Everything `farspan plan` says, before it is put into words or JSON.
///
/// @param shape the model
/// @param request what is asked of it
/// @param plan its memory
/// @param limit the memory there is
/// @param times predicted times, where the model was run
/// @param trainTokens tokens of a training
record PlanReport(
    ModelShape shape,
    Request request,
    MemoryPlan plan,
    long limit,
    Optional<PlanTimes> times,
    double trainTokens) {
  static final List<CacheTypes> TYPES =
      Stream.of(DType.F32, DType.F16, DType.Q8_0, DType.Q4_0).map(CacheTypes::of).toList();

  private static final int SINKS = 4;

  int tokens() {
    return request.reading().tokens();
  }

  boolean fits() {
    return plan.total() <= limit;
  }

  /// What would fit, if this does not.
  List<Alternative> alternatives() {
    return fits() ? List.of() : Alternatives.of(shape, request, limit);
  }

  /// The cache of one sequence by method, then type; the method asked for comes first.
  Map<String, Map<CacheTypes, Long>> caches() {
    Map<String, Map<CacheTypes, Long>> rows = new LinkedHashMap<>();
    ModelConfig config = shape.config();
    for (MethodSpec spec : methods()) {
      Method method = Method.resolve(spec, config, tokens());
      Map<CacheTypes, Long> row = new LinkedHashMap<>();
      for (CacheTypes types : TYPES) {
        row.put(types, CacheGrowth.of(config, method, types, request.reading()).total());
      }
      rows.putIfAbsent(method.name(), row);
    }
    return rows;
  }

  private List<MethodSpec> methods() {
    int trained = shape.config().trainedLength();
    List<MethodSpec> all = new ArrayList<>(List.of(request.method(), MethodSpec.parse("full")));
    if (shape.config().hasFullAttention() && trained > SINKS) {
      Stream.of(
              "window:size=" + trained,
              "streaming:sinks=%d,window=%d".formatted(SINKS, trained - SINKS),
              "window-recompute:size=" + trained,
              "infllm:local=%d,topk=4".formatted(Math.max(1, trained / 2)))
          .map(MethodSpec::parse)
          .forEach(all::add);
    }
    return all;
  }

  /// Whether "100 GB" is a word for this model at all: within eight sequences of some reading.
  boolean nearHundredGb() {
    return combinations().stream().anyMatch(c -> c.batchOfHundredGb() <= 8);
  }

  List<Combination> combinations() {
    return Combination.of(shape, tokens());
  }

  TrainingCost training() {
    return TrainingCost.of(shape.config());
  }

  Work work() {
    return new Work(shape.config(), plan.method(), shape.matrices());
  }

  /// Whether the context is longer than the model was trained for.
  boolean isExtension() {
    return tokens() > shape.config().trainedLength();
  }
}
