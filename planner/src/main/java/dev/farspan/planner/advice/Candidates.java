package dev.farspan.planner.advice;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodReach;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The methods worth measuring for a length beyond the trained one, the most promising first, so
/// that a small budget measures those.
public final class Candidates {
  private static final int SINKS = 4; // arXiv 2309.17453 section 3.2

  private Candidates() {}

  /// Returns the methods to measure.
  ///
  /// @param config the model's shape
  /// @param tokens tokens that the model is to reach
  /// @return methods that suit the model and are meant for the length; none within the trained
  ///   length
  public static List<MethodSpec> of(ModelConfig config, int tokens) {
    int trained = config.trainedLength();
    if (tokens <= trained) {
      return List.of();
    }
    List<MethodSpec> fitting = new ArrayList<>();
    named(config, tokens)
        .map(MethodSpec::parse)
        .filter(spec -> suits(spec, config, tokens))
        .forEach(fitting::add);
    return fitting;
  }

  private static Stream<String> named(ModelConfig config, int tokens) {
    int trained = config.trainedLength();
    String factor = factor((double) tokens / trained);
    // Half of the trained length keeps true distances, the rest is stretched over what is left.
    int near = Math.max(1, trained / 2);
    int group = 1 + Math.ceilDiv(Math.max(1, tokens - near), Math.max(1, trained - near));
    int chunk = trained * 3 / 4; // a choice, not taken from a paper
    int local = Math.max(1, trained / 8);
    Stream<String> stretched =
        Stream.of(
            "dynamic-yarn",
            "yarn:factor=" + factor,
            "self-extend:group=%d,window=%d".formatted(group, near),
            "streaming:sinks=%d,window=%d".formatted(SINKS, trained - SINKS),
            "dynamic-ntk",
            "dual-chunk:chunk=%d,local=%d".formatted(chunk, local),
            "ntk:factor=" + factor);
    boolean carries = !(config.mainRope().scaling() instanceof FrequencyPolicy.None);
    return carries ? Stream.concat(Stream.of("file"), stretched) : stretched;
  }

  private static String factor(double least) {
    double up = Math.ceil(least * 4) / 4; // quarters: the next one up
    return String.format(Locale.ROOT, "%.2f", up).replaceAll("0+$", "").replaceAll("\\.$", "");
  }

  private static boolean suits(MethodSpec spec, ModelConfig config, int tokens) {
    try {
      Method method = Method.resolve(spec, config, tokens);
      return MethodReach.of(method, config) >= tokens;
    } catch (IllegalArgumentException e) {
      return false; // it changes nothing on this model, or its sizes don't go together
    }
  }
}
