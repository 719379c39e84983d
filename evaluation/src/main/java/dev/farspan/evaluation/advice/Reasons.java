package dev.farspan.evaluation.advice;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.Bands;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Why a method is recommended, in plain words.
public final class Reasons {
  private final Field field;
  private final Verdict verdict;
  private final List<String> sentences = new ArrayList<>();

  private Reasons(Field field, Verdict verdict) {
    this.field = field;
    this.verdict = verdict;
  }

  /// Returns the evidence for a recommendation and against it.
  ///
  /// @param field what was measured
  /// @param verdict what was recommended
  /// @return sentences, without their periods
  public static List<String> of(Field field, Verdict verdict) {
    Reasons reasons = new Reasons(field, verdict);
    reasons.loss();
    reasons.needles();
    reasons.shortPrompts();
    reasons.sight();
    reasons.others();
    return List.copyOf(reasons.sentences);
  }

  private MethodSpec method() {
    return verdict.method();
  }

  private boolean isBaseline() {
    return method().equals(field.baseline());
  }

  private void loss() {
    say(
        String.format(
            Locale.ROOT,
            "%s loses %.3f nats a token on tokens %s of the text",
            method(),
            field.lossBeyond(method()),
            print(field.beyond())));
    if (isBaseline()) {
      say("that is the model as it is, and no method measured reads better for sure");
      return;
    }
    field
        .gain(method())
        .ifPresent(
            gain ->
                say(
                    String.format(
                        Locale.ROOT,
                        "that is %.3f less than %s on tokens %s (95 %% interval %s)%s",
                        gain.mean(),
                        field.baseline(),
                        print(gain.range()),
                        gain.interval().text(Reasons::print, " to "),
                        gain.interval().isPositive() ? "" : ", which is no sure gain")));
  }

  private static String print(double nats) {
    return String.format(Locale.ROOT, "%.3f", nats);
  }

  private static String print(Bands.Range range) {
    return String.format(Locale.ROOT, "%,d-%,d", range.from(), range.to());
  }

  private void needles() {
    List<MethodSpec> finalists = field.outcome().finalists();
    if (finalists.stream().allMatch(m -> sum(m) == 0)) {
      if (!field.needles().isEmpty()) {
        say("no method found a needle, so needles decided nothing");
      }
      return;
    }
    if (!field.found(method()).isEmpty()) {
      say(
          String.format(
              Locale.ROOT,
              "it finds %s of %d needles in %,d tokens",
              count(sum(method())),
              field.found(method()).size(),
              field.outcome().length()));
    }
    for (MethodSpec blind : verdict.blind()) {
      say(String.format(Locale.ROOT, "%s finds %s only", blind, count(sum(blind))));
    }
  }

  private double sum(MethodSpec method) {
    return field.found(method).stream().mapToDouble(score -> score).sum();
  }

  private static String count(double found) {
    return found == Math.rint(found)
        ? String.valueOf((long) found)
        : String.format(Locale.ROOT, "%.1f", found);
  }

  private void shortPrompts() {
    if (isBaseline() || field.shortLoss(method()).isEmpty()) {
      return;
    }
    if (Verdict.isHarmless(field, method())) {
      say(
          String.format(
              Locale.ROOT,
              "within the trained length of %,d tokens it loses nothing",
              field.trained()));
    } else {
      say(
          String.format(
              Locale.ROOT,
              "within the trained length of %,d tokens it loses %.3f nats a token more than %s; auto takes %s there",
              field.trained(),
              field.shortLoss(method()).getAsDouble(),
              field.baseline(),
              field.baseline()));
    }
  }

  private void sight() {
    if (!field.readings().seesAll(method(), field.outcome().length())) {
      say(
          "it does not see the whole text at once: what it leaves out of sight it cannot recall, whatever the loss says");
    }
  }

  private void others() {
    if (!verdict.level().isEmpty() && !isBaseline()) {
      say(
          String.format(
              Locale.ROOT,
              "%s cannot be told from it on this text; ahead of them count, in this order: nothing lost on short prompts, less work, needles, the loss itself",
              verdict.level().stream().map(MethodSpec::text).collect(Collectors.joining(", "))));
    }
  }

  private void say(String sentence) {
    sentences.add(sentence);
  }
}
