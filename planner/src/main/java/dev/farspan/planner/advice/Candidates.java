package dev.farspan.planner.advice;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodReach;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.planner.memory.MemoryPlan;
import dev.farspan.planner.memory.Reading;
import dev.farspan.planner.memory.Request;
import dev.farspan.planner.shape.ModelShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The methods that can be measured for a context, and those that cannot, with the reason.
///
/// @param methods what can be measured; the first is the model as its file has it, where it fits
/// @param skipped what cannot
public record Candidates(List<MethodSpec> methods, List<Skipped> skipped) {
  private static final int BLOCK = 512;

  /// Copies the lists.
  public Candidates {
    methods = List.copyOf(methods);
    skipped = List.copyOf(skipped);
  }

  /// A method that is not measured.
  ///
  /// @param method which
  /// @param reason why not, as the rest of a sentence that begins with the method
  public record Skipped(MethodSpec method, String reason) {}

  /// Returns which of some methods can be measured.
  ///
  /// @param shape the model
  /// @param need what for
  /// @param asked the methods; that of the file is measured besides, for the others to be compared
  ///   with
  /// @return each of them once
  public static Candidates of(ModelShape shape, Need need, List<MethodSpec> asked) {
    MethodSpec baseline = baseline(shape.config());
    List<MethodSpec> all = new ArrayList<>(List.of(baseline));
    asked.stream().filter(spec -> !spec.text().equals(baseline.text())).forEach(all::add);
    List<MethodSpec> methods = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    for (MethodSpec spec : all) {
      obstacle(shape, need, spec, spec.equals(baseline))
          .ifPresentOrElse(
              reason -> skipped.add(new Skipped(spec, reason)), () -> methods.add(spec));
    }
    return new Candidates(methods, skipped);
  }

  /// Returns the model as its file has it.
  ///
  /// @param config the model
  /// @return `file` where the file carries a scaling, else `none`
  public static MethodSpec baseline(ModelConfig config) {
    boolean carries = !(config.mainRope().scaling() instanceof FrequencyPolicy.None);
    return MethodSpec.parse(carries ? "file" : "none");
  }

  /// The model alone is measured beyond its reach: that it falls apart there is the reason for all
  /// others.
  private static Optional<String> obstacle(
      ModelShape shape, Need need, MethodSpec spec, boolean isBaseline) {
    try {
      Method method = Method.resolve(spec, shape.config(), need.context());
      int reach = MethodReach.of(method, shape.config());
      if (reach < need.context() && !isBaseline) {
        return Optional.of(String.format(Locale.ROOT, "holds up to %,d tokens only", reach));
      }
      Reading reading = new Reading(need.context(), 0, BLOCK);
      MemoryPlan plan =
          MemoryPlan.of(shape, new Request(spec, need.types(), reading, 1, need.threads()));
      return plan.total() <= need.memory()
          ? Optional.empty()
          : Optional.of(
              String.format(
                  Locale.ROOT,
                  "takes %.1f GB, its cache %.1f of them, where there are %.1f",
                  plan.total() / 1e9,
                  plan.caches() / 1e9,
                  need.memory() / 1e9));
    } catch (IllegalArgumentException e) {
      return Optional.of("does not suit the model: " + e.getMessage());
    }
  }

  /// Returns the methods that need no training, their parameters set for a context.
  ///
  /// @param config the model
  /// @param context tokens that are to be read, above the trained length
  /// @return specifications, those that keep the whole text in sight first
  public static List<MethodSpec> standard(ModelConfig config, int context) {
    return new Parameters(config.trainedLength(), context)
        .specifications().stream().map(MethodSpec::parse).toList();
  }

  /// Parameters as the pages in docs/methods and the papers they name have them, in shares of the
  /// trained length L.
  private record Parameters(int trained, int context) {
    List<String> specifications() {
      String factor = factor();
      return List.of(
          "dynamic-yarn",
          "yarn:factor=" + factor,
          "dynamic-ntk",
          "ntk:factor=" + factor,
          "linear:factor=" + factor,
          selfExtend(),
          "dual-chunk:chunk=%d,local=%d".formatted(share(3, 4), share(1, 8)),
          "rerope:window=" + share(1, 2),
          "streaming:sinks=4,window=" + Math.max(1, trained - 4),
          "lm-infinite:sinks=10,window=" + Math.max(1, trained - 10),
          infLlm());
    }

    private int share(int parts, int of) {
      return Math.max(1, (int) ((long) trained * parts / of));
    }

    /// The smallest with two decimals that reaches the context.
    private String factor() {
      double factor = Math.ceil(100.0 * context / trained) / 100;
      return factor == Math.rint(factor) ? String.valueOf((long) factor) : String.valueOf(factor);
    }

    /// True distances up to L/4, and a group that keeps the largest within 2/3 L, as the authors
    /// advise (docs/methods/self-extend.md); the window is a multiple of the group.
    private String selfExtend() {
      int near = share(1, 4);
      int group = Math.max(2, Math.ceilDiv(context - near, Math.max(1, share(2, 3) - near)));
      return "self-extend:group=%d,window=%d"
          .formatted(group, Math.max(group, near / group * group));
    }

    /// Half of L near the query, and as much again in sinks and chosen blocks.
    private String infLlm() {
      int local = share(1, 2);
      int block = Math.clamp(trained / 16, 4, 128);
      int chosen = Math.max(1, (local - block) / block);
      return "infllm:sinks=%d,local=%d,block=%d,topk=%d".formatted(block, local, block, chosen);
    }
  }
}
