package dev.farspan.evaluation.advice;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.Bands;
import dev.farspan.evaluation.perplexity.Perplexities;
import dev.farspan.evaluation.perplexity.Perplexities.Place;
import dev.farspan.evaluation.perplexity.PerplexityRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Successive halving (Jamieson and Talwalkar, arXiv 1502.07943): all methods read a little beyond
/// the trained length, the better half of them twice as much, and so on; where the time suffices,
/// all read everything at once.
///
/// The time is that of the readings themselves, those of an interrupted run among them: a run that
/// goes on decides as one made in one go.
public final class Race {
  private static final int FEWEST = 2;

  /// How far predictions from short runs may be wrong.
  private static final double PLENTY = 2;

  private final Readings readings;
  private final int trained;
  private final List<Integer> rungs;
  private final double seconds;
  private final List<LeftOut> leftOut = new ArrayList<>();

  /// Makes a race.
  ///
  /// @param readings who reads
  /// @param trained tokens the model was trained for
  /// @param context tokens that are to be read, more than that
  /// @param seconds how long all readings may take
  public Race(Readings readings, int trained, int context, double seconds) {
    this.readings = readings;
    this.trained = trained;
    this.rungs = rungs(trained, context);
    this.seconds = seconds;
  }

  /// What a race came to.
  ///
  /// @param length tokens that the last methods read
  /// @param finalists the methods that read so many, the lowest loss beyond the trained length
  ///   first
  /// @param leftOut what there was no time for
  public record Outcome(int length, List<MethodSpec> finalists, List<LeftOut> leftOut) {
    /// Copies the lists.
    public Outcome {
      finalists = List.copyOf(finalists);
      leftOut = List.copyOf(leftOut);
    }
  }

  /// Returns the lengths that are read: a quarter beyond the trained length, doubled up to the
  /// context.
  ///
  /// @param trained tokens the model was trained for
  /// @param context tokens that are to be read
  /// @return ascending; the last is the context
  public static List<Integer> rungs(int trained, int context) {
    List<Integer> rungs = new ArrayList<>();
    for (long n = trained + trained / 4L; n <= context * 3L / 4; n *= 2) {
      rungs.add((int) n);
    }
    rungs.add(context);
    return List.copyOf(rungs);
  }

  /// Lets the methods read.
  ///
  /// @param methods two at least, those to be measured first in front
  /// @return who is left at the longest length that two methods had time for
  /// @throws IllegalArgumentException if the time is too short for the first length
  public Outcome run(List<MethodSpec> methods) {
    requireTime(methods);
    if (PLENTY * cost(methods, rungs.getLast()) > seconds) {
      readings.read(methods.getFirst(), rungs.getFirst()); // what it takes corrects all predictions
    }
    List<MethodSpec> left = methods;
    Outcome outcome = new Outcome(0, List.of(), List.of());
    for (int rung = 0; rung < rungs.size(); rung++) {
      rung = cost(left, rungs.getLast()) <= remaining() ? rungs.size() - 1 : rung;
      int length = rungs.get(rung);
      List<MethodSpec> read = read(left, length, reserve(left, rung));
      if (read.size() < FEWEST) {
        break;
      }
      List<MethodSpec> ranked = ranked(read, length);
      outcome = new Outcome(length, ranked, List.of());
      left = betterHalf(ranked, length);
    }
    if (outcome.finalists().isEmpty()) {
      throw tooSmall(cost(methods, rungs.getFirst()));
    }
    return new Outcome(outcome.length(), outcome.finalists(), leftOut);
  }

  private void requireTime(List<MethodSpec> methods) {
    double needed = cost(methods.subList(0, Math.min(FEWEST, methods.size())), rungs.getFirst());
    if (needed > seconds) {
      throw tooSmall(needed);
    }
  }

  private IllegalArgumentException tooSmall(double needed) {
    return new IllegalArgumentException(
        "the budget is too small: of it %.0f s are left to read %,d tokens, which takes about %.0f s; give a larger --budget"
            .formatted(Math.max(0, seconds), rungs.getFirst(), Math.max(1, needed)));
  }

  /// Time that is kept for two methods at the longest later length that they do not use up.
  private double reserve(List<MethodSpec> left, int rung) {
    double reserve = 0;
    for (int later : rungs.subList(rung + 1, rungs.size())) {
      double two = FEWEST * cost(left, later) / left.size();
      reserve = two <= 0.6 * remaining() ? two : reserve;
    }
    return reserve;
  }

  private List<MethodSpec> read(List<MethodSpec> methods, int length, double reserve) {
    List<MethodSpec> read = new ArrayList<>();
    for (MethodSpec method : methods) {
      double time = predict(method, length);
      boolean known = costs().containsKey(new Place(method.text(), length));
      if (known || time <= remaining() - (read.size() < FEWEST ? 0 : reserve)) {
        readings.read(method, length);
        read.add(method);
      } else {
        leftOut.add(new LeftOut(method.text(), length, time));
      }
    }
    return read;
  }

  private List<MethodSpec> ranked(List<MethodSpec> methods, int length) {
    Perplexities losses = readings.losses();
    Bands.Range beyond = new Bands.Range(trained, length);
    return methods.stream()
        .sorted(
            Comparator.comparingDouble(
                method -> losses.loss(new Place(method.text(), length), beyond)))
        .toList();
  }

  /// A loss beyond the trained length says little about what lies far back: the best method that
  /// sees it stays in.
  private List<MethodSpec> betterHalf(List<MethodSpec> ranked, int length) {
    int half = Math.max(FEWEST, Math.ceilDiv(ranked.size(), 2));
    List<MethodSpec> better = new ArrayList<>(ranked.subList(0, Math.min(half, ranked.size())));
    if (better.stream().noneMatch(method -> readings.seesAll(method, length))) {
      ranked.stream()
          .filter(method -> readings.seesAll(method, length))
          .findFirst()
          .ifPresent(better::add);
    }
    return better;
  }

  /// Returns how much of the time is left.
  ///
  /// @return seconds, negative if a reading took longer than predicted
  public double remaining() {
    return seconds - costs().values().stream().mapToDouble(cost -> cost.seconds()).sum();
  }

  private double cost(List<MethodSpec> methods, int length) {
    return methods.stream().mapToDouble(method -> predict(method, length)).sum();
  }

  /// A prediction, corrected by what this method's readings took, or else those of all.
  ///
  /// @param method the context method
  /// @param length tokens of the text
  /// @return seconds; 0 if it has been read
  private double predict(MethodSpec method, int length) {
    Map<Place, PerplexityRow.Cost> costs = costs();
    if (costs.containsKey(new Place(method.text(), length))) {
      return 0;
    }
    double took = 0;
    double predicted = 0;
    double all = 0;
    double allPredicted = 0;
    for (Map.Entry<Place, PerplexityRow.Cost> entry : costs.entrySet()) {
      Place place = entry.getKey();
      double own = readings.predict(MethodSpec.parse(place.method()), place.length());
      all += entry.getValue().seconds();
      allPredicted += own;
      if (place.method().equals(method.text())) {
        took += entry.getValue().seconds();
        predicted += own;
      }
    }
    double plain = readings.predict(method, length);
    return predicted > 0
        ? plain * took / predicted
        : allPredicted > 0 ? plain * all / allPredicted : plain;
  }

  private Map<Place, PerplexityRow.Cost> costs() {
    return readings.losses().costs();
  }
}
