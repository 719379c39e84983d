package dev.farspan.runtime.engine;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodReach;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.runtime.engine.GenerationRequest.Context;
import java.util.ArrayList;
import java.util.List;

/// Method and limit of one request, decided before anything is computed; nothing is clamped
/// silently.
///
/// @param method the method in force
/// @param limit tokens of prompt and continuation together
/// @param notes what the caller should be told
record ContextPlan(Method method, int limit, List<String> notes) {
  /// Attention sinks that an overflowing request keeps (arXiv 2309.17453 section 3.2).
  private static final int SINKS = 4;

  static ContextPlan of(ModelConfig model, Context context, int prompt, int maxTokens) {
    int wanted = (int) Math.min(Integer.MAX_VALUE, (long) prompt + maxTokens);
    int length = context.limit() == 0 ? wanted : Math.min(wanted, context.limit());
    Method method = Method.resolve(context.method(), model, Math.max(length, prompt));
    List<String> notes = new ArrayList<>();
    if (context.method().choice() instanceof MethodSpec.Choice.Auto) {
      notes.add("auto chose " + method.name() + " for " + wanted + " tokens");
    }
    int reach = MethodReach.of(method, model);
    int limit = context.limit() == 0 ? reach : context.limit();
    if (prompt <= limit && wanted > limit && context.overflow() == Overflow.ERROR) {
      notes.add("generation will stop at " + limit + " tokens, the limit of this request");
    }
    if (context.limit() > reach) {
      notes.add(holds(method, reach) + "; beyond it the text may fall apart");
    }
    if (wanted <= limit || (prompt <= limit && context.overflow() == Overflow.ERROR)) {
      return new ContextPlan(method, limit, notes);
    }
    return switch (context.overflow()) {
      case ERROR -> throw tooLong(context, method, prompt, limit);
      case IGNORE -> {
        notes.add(
            "running "
                + wanted
                + " tokens past the limit of "
                + limit
                + ", as overflow=ignore says");
        yield new ContextPlan(method, Integer.MAX_VALUE, notes);
      }
      case STREAM -> streamed(method, limit, wanted, notes);
    };
  }

  private static String holds(Method method, int reach) {
    return "method '" + method.name() + "' holds up to " + reach + " tokens on this model";
  }

  private static IllegalArgumentException tooLong(
      Context context, Method method, int prompt, int limit) {
    boolean auto = context.method().choice() instanceof MethodSpec.Choice.Auto;
    String remedy =
        context.limit() > 0
            ? "give a larger --context"
            : auto ? "name a --method that holds more" : "use --method auto";
    return new IllegalArgumentException(
        "the prompt has "
            + prompt
            + " tokens, over the limit of "
            + limit
            + " for method '"
            + method.name()
            + "'; shorten it, "
            + remedy
            + ", or set --overflow stream or ignore");
  }

  private static ContextPlan streamed(Method method, int limit, int wanted, List<String> notes) {
    if (!(method.pattern() instanceof AttentionPattern.Full) || limit <= SINKS) {
      throw new IllegalArgumentException(
          "overflow=stream needs a method with full attention and a limit above "
              + SINKS
              + ", not '"
              + method.name()
              + "' with "
              + limit);
    }
    int window = limit - SINKS;
    notes.add(
        wanted
            + " tokens overflow the limit of "
            + limit
            + ": streaming with "
            + SINKS
            + " sinks and the last "
            + window);
    String name = method.name() + "+streaming:sinks=" + SINKS + ",window=" + window;
    Method streaming =
        new Method(name, method.policies(), new AttentionPattern.Streaming(SINKS, window));
    return new ContextPlan(streaming, Integer.MAX_VALUE, notes);
  }
}
