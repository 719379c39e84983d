package dev.farspan.context.method;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.method.MethodSpec.Choice;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.Stages;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// The one list of methods a specification can name, and how each reads its parameters.
final class MethodParser {
  private static final Map<String, Function<Parameters, Frequencies>> FREQUENCIES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("file", MethodParser::file),
              Map.entry("none", named(_ -> new FrequencyPolicy.None())),
              Map.entry("linear", named(p -> new FrequencyPolicy.Linear(p.number("factor")))),
              Map.entry("pi", named(p -> new FrequencyPolicy.Linear(p.number("factor")))),
              Map.entry("ntk", named(p -> new FrequencyPolicy.Ntk(p.number("factor")))),
              Map.entry("base", named(p -> new FrequencyPolicy.BaseChange(p.number("theta")))),
              Map.entry("ntk-by-parts", named(MethodParser::byParts)),
              Map.entry("yarn", named(MethodParser::yarn)),
              Map.entry("llama3", named(MethodParser::llama3)),
              Map.entry("longrope", named(MethodParser::longRope)),
              Map.entry(
                  "dynamic-linear",
                  named(p -> new FrequencyPolicy.DynamicLinear(p.number("factor", 1), stages(p)))),
              Map.entry(
                  "dynamic-ntk",
                  named(p -> new FrequencyPolicy.DynamicNtk(p.number("factor", 1), stages(p)))),
              Map.entry(
                  "dynamic-yarn",
                  named(p -> new FrequencyPolicy.DynamicYarn(p.number("factor", 1), stages(p))))));

  private static final Map<String, Function<Parameters, AttentionPattern>> PATTERNS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("full", _ -> new AttentionPattern.Full()),
              Map.entry("window", p -> new AttentionPattern.Window(p.count("size"))),
              Map.entry(
                  "window-recompute", p -> new AttentionPattern.WindowRecompute(p.count("size"))),
              Map.entry(
                  "streaming",
                  p -> new AttentionPattern.Streaming(p.count("sinks", 4), p.count("window"))),
              Map.entry(
                  "self-extend",
                  p -> new AttentionPattern.SelfExtend(p.count("group"), p.count("window"))),
              Map.entry(
                  "rerope",
                  p -> new AttentionPattern.ReRope(p.count("window"), p.flag("logn", false))),
              Map.entry(
                  "leaky-rerope",
                  p -> new AttentionPattern.LeakyReRope(p.count("window"), p.number("k"))),
              Map.entry(
                  "lm-infinite",
                  p -> new AttentionPattern.LmInfinite(p.count("sinks"), p.count("window"))),
              Map.entry(
                  "dual-chunk",
                  p -> new AttentionPattern.DualChunk(p.count("chunk"), p.count("local"))),
              Map.entry("infllm", MethodParser::infLlm),
              Map.entry("landmark", MethodParser::landmark),
              Map.entry("memory-tokens", MethodParser::memoryTokens)));

  private MethodParser() {}

  static Choice parse(String text) {
    if (text.equals("auto")) {
      return new Choice.Auto();
    }
    Frequencies frequencies = Frequencies.File.AS_TRANSFORMERS;
    AttentionPattern pattern = new AttentionPattern.Full();
    String hasFrequencies = "";
    String hasPattern = "";
    // '+' joins methods only before a letter, so that 1e+6 stays a number.
    for (String part : text.split("\\+(?=\\s*[a-zA-Z])", -1)) {
      int colon = part.indexOf(':');
      String name = (colon < 0 ? part : part.substring(0, colon)).strip();
      Parameters parameters = new Parameters(name, colon < 0 ? "" : part.substring(colon + 1));
      if (FREQUENCIES.containsKey(name)) {
        requireFirst(text, "frequency policies", hasFrequencies, name);
        hasFrequencies = name;
        frequencies = FREQUENCIES.get(name).apply(parameters);
      } else if (PATTERNS.containsKey(name)) {
        requireFirst(text, "attention patterns", hasPattern, name);
        hasPattern = name;
        pattern = PATTERNS.get(name).apply(parameters);
      } else {
        throw unknown(text, name);
      }
      parameters.finish();
    }
    return new Choice.Composed(frequencies, pattern);
  }

  private static void requireFirst(String text, String kind, String before, String name) {
    if (!before.isEmpty()) {
      throw new IllegalArgumentException(
          "method '" + text + "' has two " + kind + ", " + before + " and " + name + "; keep one");
    }
  }

  private static IllegalArgumentException unknown(String text, String name) {
    return switch (name) {
      case "auto" ->
          new IllegalArgumentException(
              "'auto' chooses the whole method and can't be joined with another, in '"
                  + text
                  + "'");
      case "beacon" ->
          new IllegalArgumentException(
              "method '" + name + "' needs a model trained for it and this version runs none");
      default ->
          new IllegalArgumentException(
              "no method '"
                  + name
                  + "'; frequency policies: "
                  + String.join(", ", FREQUENCIES.keySet())
                  + "; attention patterns: "
                  + String.join(", ", PATTERNS.keySet())
                  + "; or auto");
    };
  }

  private static Function<Parameters, Frequencies> named(
      Function<Parameters, FrequencyPolicy> policy) {
    return parameters -> new Frequencies.Named(policy.apply(parameters));
  }

  private static Frequencies file(Parameters p) {
    boolean whole = p.flag("whole", true);
    int otherwise = whole ? Stages.EXACT : Stages.PROGRESSIVE.perTrainedLength();
    return new Frequencies.File(new Stages(stageCount(p, otherwise), whole));
  }

  private static Stages stages(Parameters p) {
    return new Stages(stageCount(p, Stages.PROGRESSIVE.perTrainedLength()), p.flag("whole", false));
  }

  private static int stageCount(Parameters p, int otherwise) {
    return p.has("stages") && p.text("stages").equals("exact")
        ? Stages.EXACT
        : p.count("stages", otherwise);
  }

  private static FrequencyPolicy byParts(Parameters p) {
    return new FrequencyPolicy.NtkByParts(
        p.number("factor"), p.number("alpha", 1), p.number("beta", 32));
  }

  private static FrequencyPolicy yarn(Parameters p) {
    YarnRamp ramp =
        new YarnRamp(
            p.number("beta_fast", YarnRamp.DEFAULT.betaFast()),
            p.number("beta_slow", YarnRamp.DEFAULT.betaSlow()),
            p.flag("truncate", YarnRamp.DEFAULT.truncate()));
    return new FrequencyPolicy.Yarn(
        p.number("factor"), p.count("original", 0), ramp, temperature(p));
  }

  private static YarnTemperature temperature(Parameters p) {
    boolean mscale = p.has("mscale");
    boolean all = p.has("mscale_all_dim");
    if (p.has("attention_factor")) {
      if (mscale || all) {
        throw new IllegalArgumentException(
            "method 'yarn' has attention_factor as well as mscale; keep one");
      }
      return new YarnTemperature.Given(p.number("attention_factor"));
    }
    if (mscale != all) {
      throw new IllegalArgumentException(
          "method 'yarn' needs mscale and mscale_all_dim together, or neither");
    }
    return mscale
        ? new YarnTemperature.Mscale(p.number("mscale"), p.number("mscale_all_dim"))
        : new YarnTemperature.FromFactor();
  }

  private static FrequencyPolicy llama3(Parameters p) {
    // 1 and 4: every published Llama-3 configuration (low_freq_factor, high_freq_factor).
    return new FrequencyPolicy.Llama3(
        p.number("factor"), p.number("low", 1), p.number("high", 4), p.count("original", 0));
  }

  private static FrequencyPolicy longRope(Parameters p) {
    return new FrequencyPolicy.LongRope(
        p.numbers("short"),
        p.numbers("long"),
        p.count("original", 0),
        p.number("attention_factor", Double.NaN),
        p.number("factor", 1),
        p.flag("whole", false));
  }

  private static AttentionPattern infLlm(Parameters p) {
    return new AttentionPattern.InfLlm(
        p.count("sinks", 128),
        p.count("local"),
        p.count("block", 128),
        p.count("topk"),
        p.count("representatives", 4));
  }

  private static AttentionPattern memoryTokens(Parameters p) {
    int trained = AttentionPattern.MemoryTokens.TRAINED;
    int segment = p.has("segment") ? p.count("segment") : trained;
    int keep = p.has("keep") ? p.count("keep") : trained;
    if ((p.has("segment") && segment < 1) || (p.has("keep") && keep < 0)) {
      throw new IllegalArgumentException(
          "method 'memory-tokens' needs a segment of at least 1 and keep of at least 0");
    }
    return new AttentionPattern.MemoryTokens(trained, segment, keep);
  }

  /// The length of a block is the model's ([Method#resolve]).
  private static AttentionPattern landmark(Parameters p) {
    return new AttentionPattern.Landmark(
        0,
        p.count("topk", 2),
        p.count("local", 1),
        p.count("memory", AttentionPattern.Landmark.UNLIMITED));
  }
}
