package dev.farspan.evaluation.advice;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.Bands;
import dev.farspan.evaluation.perplexity.Interval;
import dev.farspan.evaluation.perplexity.Perplexities;
import dev.farspan.evaluation.perplexity.Perplexities.Place;
import dev.farspan.evaluation.task.run.ExamCell;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/// Everything that was measured for an advice, and the comparisons it is made by.
///
/// @param trained tokens the model was trained for
/// @param baseline the model as its file has it
/// @param outcome who read most
/// @param readings who read, and what that measured
/// @param needles the sample with needles, for each method that was asked
public record Field(
    int trained,
    MethodSpec baseline,
    Race.Outcome outcome,
    Readings readings,
    List<ExamCell> needles) {
  /// Copies the list.
  public Field {
    needles = List.copyOf(needles);
  }

  private Perplexities losses() {
    return readings.losses();
  }

  /// Predicted seconds of a finalist's reading: measured ones are another machine's noise.
  double seconds(MethodSpec method) {
    return readings.predict(method, outcome.length());
  }

  Place last(MethodSpec method) {
    return new Place(method.text(), outcome.length());
  }

  /// Where a method was read farthest, if it was read.
  Optional<Place> farthest(MethodSpec method) {
    return losses().costs().keySet().stream()
        .filter(place -> place.method().equals(method.text()))
        .max(Comparator.comparingInt(Place::length));
  }

  /// Loss of a finalist beyond the trained length.
  double lossBeyond(MethodSpec method) {
    return losses().loss(last(method), beyond());
  }

  Bands.Range beyond() {
    return new Bands.Range(trained, outcome.length());
  }

  /// Memory of the KV cache of a finalist.
  long cacheBytes(MethodSpec method) {
    return Objects.requireNonNull(losses().costs().get(last(method))).cacheBytes();
  }

  /// How much less a finalist loses than another beyond the trained length.
  Interval advantage(MethodSpec one, MethodSpec other) {
    return losses().advantage(last(one), last(other), beyond());
  }

  /// Returns what was found of a method's needles.
  ///
  /// @param method the method
  /// @return 0 to 1 for each needle; none if it was not asked
  public List<Double> found(MethodSpec method) {
    return needles.stream()
        .filter(cell -> cell.method().equals(method.text()) && cell.length() == outcome.length())
        .flatMap(cell -> cell.answers().stream())
        .map(ExamCell.Answer::score)
        .toList();
  }

  /// How much less a finalist loses than the model alone, as far beyond the trained length as that
  /// was read; empty if it was not.
  Optional<Gain> gain(MethodSpec method) {
    return farthest(baseline)
        .filter(base -> base.length() > trained)
        .map(
            base -> {
              Bands.Range range = new Bands.Range(trained, base.length());
              double mean = losses().loss(base, range) - losses().loss(last(method), range);
              return new Gain(range, mean, losses().advantage(last(method), base, range));
            });
  }

  /// How much less one loses than another.
  record Gain(Bands.Range range, double mean, Interval interval) {}

  /// How much a finalist loses to the model alone within the trained length; empty if the model
  /// alone was not read.
  OptionalDouble shortLoss(MethodSpec method) {
    Bands.Range within = new Bands.Range(0, trained);
    return farthest(baseline)
        .map(base -> losses().loss(last(method), within) - losses().loss(base, within))
        .map(OptionalDouble::of)
        .orElse(OptionalDouble.empty());
  }
}
