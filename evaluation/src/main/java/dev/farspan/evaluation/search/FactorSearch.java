package dev.farspan.evaluation.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/// The evolution that finds LongRoPE's divisors (arXiv 2402.13753, section 3.2, algorithm 1).
///
/// It begins with known solutions and their mutants. In each generation the best so far have
/// mutants and children, and the best of all of them go on; so the result is never worse than what
/// it began with. The same seed and losses give the same search.
public final class FactorSearch {
  private static final int TRIES = 100; // for a candidate that has not been there yet

  private final FactorRange range;
  private final Settings settings;
  private final ToDoubleFunction<List<Double>> loss;
  private final RandomGenerator random;
  private final Set<List<Double>> seen = new HashSet<>();

  /// How long and how wide a search is.
  ///
  /// @param population candidates to begin with
  /// @param generations how many follow
  /// @param mutants mutants in each
  /// @param children children of two in each
  /// @param parents how many of the best have mutants and children
  /// @param chance how likely a mutant's divisor is drawn anew
  /// @param seed of all chance
  public record Settings(
      int population,
      int generations,
      int mutants,
      int children,
      int parents,
      double chance,
      long seed) {
    /// The paper's: 64 to begin with, 40 generations of 16 mutants and 16 children of the best 32.
    public static final Settings PAPER = new Settings(64, 40, 16, 16, 32, 0.3, 1);

    /// Checks the counts.
    ///
    /// @throws IllegalArgumentException if one of them is too small
    public Settings {
      if (population < 1 || generations < 0 || mutants < 0 || children < 0 || parents < 1) {
        throw new IllegalArgumentException(
            "a search needs a population and parents of at least 1, and no negative count");
      }
      if (!(chance > 0 && chance <= 1)) {
        throw new IllegalArgumentException("a chance is more than 0 and at most 1, got " + chance);
      }
    }

    /// Returns the same search at another width, each count a quarter or half of it as in the
    /// paper.
    ///
    /// @param candidates candidates to begin with
    /// @param rounds generations
    /// @param start seed
    /// @return settings
    public static Settings of(int candidates, int rounds, long start) {
      int each = Math.max(1, candidates / 4);
      return new Settings(
          candidates, rounds, each, each, Math.max(1, candidates / 2), PAPER.chance, start);
    }

    /// Returns how many losses are asked for at most.
    ///
    /// @param known solutions that the search begins with
    /// @return the count
    public int candidates(int known) {
      return Math.max(population, known) + generations * (mutants + children);
    }
  }

  /// A solution.
  ///
  /// @param divisors one for each pair of dimensions
  /// @param loss nats a token
  public record Candidate(List<Double> divisors, double loss) {
    /// Copies the list.
    public Candidate {
      divisors = List.copyOf(divisors);
    }
  }

  /// What one generation came to.
  ///
  /// @param number 0 for what the search begins with
  /// @param best the best of all so far
  public record Generation(int number, Candidate best) {}

  /// Makes a search.
  ///
  /// @param pairs pairs of rotated dimensions
  /// @param ratio length to reach over the trained length, more than 1
  /// @param settings its width and length
  /// @param loss nats a token under some divisors
  public FactorSearch(
      int pairs, double ratio, Settings settings, ToDoubleFunction<List<Double>> loss) {
    this.range = new FactorRange(pairs, ratio);
    this.settings = settings;
    this.loss = loss;
    this.random = new SplittableRandom(settings.seed());
  }

  /// Returns divisors as a search can begin with: those below the one before them, as the roundings
  /// of a table leave some, are lifted to it.
  ///
  /// @param divisors one for each pair of dimensions
  /// @return the same in order, none below 1
  public static List<Double> ordered(List<Double> divisors) {
    return FactorRange.ordered(divisors);
  }

  /// Searches.
  ///
  /// @param known solutions to begin with, at least one, each [#ordered]
  /// @param listener told of each generation
  /// @return the best
  public Candidate run(List<List<Double>> known, Consumer<Generation> listener) {
    List<Candidate> best = new ArrayList<>();
    known.stream().filter(seen::add).map(this::measured).forEach(best::add);
    List<Candidate> first = List.copyOf(best);
    while (best.size() < settings.population() && add(best, () -> mutant(first))) {}
    keepBest(best);
    listener.accept(new Generation(0, best.getFirst()));
    for (int g = 1; g <= settings.generations(); g++) {
      List<Candidate> parents = List.copyOf(best);
      for (int i = 0; i < settings.mutants() && add(best, () -> mutant(parents)); i++) {}
      for (int i = 0; i < settings.children() && add(best, () -> child(parents)); i++) {}
      keepBest(best);
      listener.accept(new Generation(g, best.getFirst()));
    }
    return best.getFirst();
  }

  private boolean add(List<Candidate> to, Supplier<List<Double>> draw) {
    for (int i = 0; i < TRIES; i++) {
      List<Double> drawn = draw.get();
      if (seen.add(drawn)) {
        to.add(measured(drawn));
        return true;
      }
    }
    return false;
  }

  private Candidate measured(List<Double> divisors) {
    return new Candidate(divisors, loss.applyAsDouble(divisors));
  }

  private List<Double> mutant(List<Candidate> parents) {
    return range.mutant(any(parents).divisors(), settings.chance(), random);
  }

  private List<Double> child(List<Candidate> parents) {
    return range.child(any(parents).divisors(), any(parents).divisors(), random);
  }

  private Candidate any(List<Candidate> candidates) {
    return candidates.get(random.nextInt(candidates.size()));
  }

  private void keepBest(List<Candidate> candidates) {
    candidates.sort(Comparator.comparingDouble(Candidate::loss));
    if (candidates.size() > settings.parents()) {
      candidates.subList(settings.parents(), candidates.size()).clear();
    }
  }
}
