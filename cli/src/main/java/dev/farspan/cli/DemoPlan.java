package dev.farspan.cli;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.evaluation.perplexity.PerplexityPlan;
import dev.farspan.evaluation.perplexity.Protocol;
import dev.farspan.evaluation.task.Passkey;
import dev.farspan.evaluation.task.run.ExamPlan;
import dev.farspan.planner.advice.Candidates;
import java.util.ArrayList;
import java.util.List;

/// What the demo measures: the defaults of `eval perplexity` and `eval passkey`, and sizes that
/// keep a small model busy for less than two minutes on two processors.
///
/// @param lengths tokens of context: the trained length, then twice as many each
/// @param methods context methods, the model alone first
/// @param documents parts that the text is cut into
/// @param depths places of passkeys, evenly
/// @param samples passkeys at each depth
record DemoPlan(
    List<Integer> lengths, List<MethodSpec> methods, int documents, int depths, int samples) {
  static final long SEED = 42;

  private static final int STRIDE = 256;
  private static final int DOUBLINGS = 3;

  /// One of each family: all pairs slowed alike, another base, by frequency, by length, merged
  /// positions, bounded.
  private static final List<String> FAMILIES =
      List.of("linear", "ntk", "yarn", "dynamic-yarn", "self-extend", "streaming");

  /// Copies the lists.
  DemoPlan {
    lengths = List.copyOf(lengths);
    methods = List.copyOf(methods);
  }

  /// A plan for a model; a quick one takes a fraction of the text and of the passkeys.
  static DemoPlan of(ModelConfig config, boolean quick) {
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i <= DOUBLINGS; i++) {
      lengths.add(config.trainedLength() << i);
    }
    List<MethodSpec> methods = new ArrayList<>(List.of(MethodSpec.parse("none")));
    List<MethodSpec> standard = Candidates.standard(config, lengths.getLast());
    for (String family : FAMILIES) {
      standard.stream().filter(spec -> name(spec).equals(family)).forEach(methods::add);
    }
    return quick
        ? new DemoPlan(lengths, methods, 1, 3, 1)
        : new DemoPlan(lengths, methods, 5, 5, 4);
  }

  private static String name(MethodSpec spec) {
    return spec.text().split(":", 2)[0];
  }

  int trained() {
    return lengths.getFirst();
  }

  int longest() {
    return lengths.getLast();
  }

  /// How many times the trained length the longest is.
  int factor() {
    return longest() / trained();
  }

  /// The first N tokens of each document, read under one method.
  PerplexityPlan reading(MethodSpec method) {
    return new PerplexityPlan(
        Protocol.WHOLE,
        lengths,
        STRIDE,
        Integer.MAX_VALUE,
        List.of(method),
        new CacheTypeArgument().type());
  }

  /// Passkeys under one method.
  ExamPlan passkeys(MethodSpec method) {
    return new ExamPlan(
        List.of(new Passkey()),
        List.of(method),
        lengths,
        DepthArguments.even(depths),
        samples,
        SEED);
  }

  /// Tokens that one method has to read, a passkey's text as a whole though most of it is shared.
  long tokens() {
    long each = lengths.stream().mapToLong(length -> length).sum();
    return each * documents + each * depths * samples;
  }
}
