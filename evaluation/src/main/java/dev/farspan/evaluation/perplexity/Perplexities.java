package dev.farspan.evaluation.perplexity;

import dev.farspan.evaluation.Bands;
import dev.farspan.evaluation.cells.Cell;
import dev.farspan.evaluation.cells.RunCells;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// What finished passes say.
public final class Perplexities {
  /// The value of the label `kind` in the identity of such a run.
  public static final String KIND = "perplexity";

  /// Fewer documents say too little about others to be resampled.
  private static final int FEWEST_DOCUMENTS = 5;

  private final Weighting weighting;
  private final int trainedLength;
  private final SequencedMap<Place, List<Measured>> measured;

  /// One method at one length.
  ///
  /// @param method the method's specification
  /// @param length tokens of a window
  public record Place(String method, int length) {}

  private record Measured(int document, int firstTarget, PassLoss loss) {
    private static final Comparator<Measured> IN_TEXT_ORDER =
        Comparator.comparingInt(Measured::document).thenComparingInt(Measured::firstTarget);
  }

  private Perplexities(
      Weighting weighting, int trainedLength, SequencedMap<Place, List<Measured>> measured) {
    this.weighting = weighting;
    this.trainedLength = trainedLength;
    this.measured = measured;
  }

  /// Returns the perplexities of a run.
  ///
  /// @param run its cells
  /// @return rows and comparisons
  public static Perplexities of(RunCells run) {
    SequencedMap<Place, List<Measured>> measured = new LinkedHashMap<>();
    for (Cell cell : run.cells()) {
      Place place = new Place(cell.key().get("method"), cell.key().count("length"));
      measured
          .computeIfAbsent(place, _ -> new ArrayList<>())
          .add(
              new Measured(
                  cell.key().count("document"),
                  cell.key().count("target"),
                  PassLoss.read(cell.value())));
    }
    // Methods are compared block by block, and passes may have been measured in any order.
    measured.values().forEach(passes -> passes.sort(Measured.IN_TEXT_ORDER));
    return new Perplexities(
        Weighting.valueOf(run.facts().getLast().get("mean")),
        run.identity().count("trained_length"),
        measured);
  }

  /// Returns the row of every method at every length.
  ///
  /// @return by length, then in the order they were measured
  public List<PerplexityRow> rows() {
    List<PerplexityRow> rows = new ArrayList<>();
    for (int length : lengths()) {
      measured.keySet().stream()
          .filter(place -> place.length() == length)
          .map(this::row)
          .forEach(rows::add);
    }
    return rows;
  }

  private List<Integer> lengths() {
    return measured.keySet().stream().map(Place::length).distinct().sorted().toList();
  }

  private PerplexityRow row(Place place) {
    List<PassLoss.Block> blocks =
        passes(place).stream().flatMap(pass -> pass.loss().blocks().stream()).toList();
    List<Bootstrap.Unit> units = units(place);
    return new PerplexityRow(
        place.method(),
        place.length(),
        blocks.stream().mapToLong(PassLoss.Block::count).sum(),
        Bootstrap.mean(units),
        Bootstrap.ofMean(units),
        new PerplexityRow.Units(units.size(), byDocument(place)),
        bands(blocks, place.length()),
        cost(place));
  }

  private PerplexityRow.Cost cost(Place place) {
    List<Measured> passes = passes(place);
    return new PerplexityRow.Cost(
        passes.stream().mapToLong(pass -> pass.loss().tokens()).sum(),
        passes.stream().mapToDouble(pass -> pass.loss().seconds()).sum(),
        passes.stream().mapToLong(pass -> pass.loss().cacheBytes()).max().orElse(0));
  }

  private List<Measured> passes(Place place) {
    return measured.getOrDefault(place, List.of());
  }

  private boolean byDocument(Place place) {
    return passes(place).stream().map(Measured::document).distinct().count() >= FEWEST_DOCUMENTS;
  }

  private List<Bootstrap.Unit> units(Place place) {
    Map<Integer, Bootstrap.Unit> documents = new TreeMap<>();
    List<Bootstrap.Unit> blocks = new ArrayList<>();
    for (Measured pass : passes(place)) {
      for (PassLoss.Block block : pass.loss().blocks()) {
        Bootstrap.Unit unit = new Bootstrap.Unit(weighting.sum(block), weighting.weight(block));
        blocks.add(unit);
        documents.merge(pass.document(), unit, Bootstrap.Unit::plus);
      }
    }
    return byDocument(place) ? List.copyOf(documents.values()) : blocks;
  }

  /// Returns how much lower the mean loss of a method is than that of another at a length.
  ///
  /// @param method the one
  /// @param other the other
  /// @param length tokens of a window
  /// @return the 95 % interval of `loss(other) - loss(method)`, both resampled together
  public Interval advantage(String method, String other, int length) {
    return Bootstrap.ofDifference(
        units(new Place(other, length)), units(new Place(method, length)));
  }

  /// Returns what was measured, and what it took.
  ///
  /// @return the cost of each method at each length, in the order they were measured
  public SequencedMap<Place, PerplexityRow.Cost> costs() {
    SequencedMap<Place, PerplexityRow.Cost> costs = new LinkedHashMap<>();
    measured.keySet().forEach(place -> costs.put(place, cost(place)));
    return costs;
  }

  /// Returns the mean loss of the predictions with so many tokens before them.
  ///
  /// @param place the method and the length
  /// @param range the least number of tokens and one past the largest
  /// @return nats
  /// @throws IllegalArgumentException if nothing was measured there
  public double loss(Place place, Bands.Range range) {
    return Bootstrap.mean(units(place, range));
  }

  /// Returns how much lower the mean loss of one method is than that of another over the same
  /// predictions: those with so many tokens before them.
  ///
  /// @param one a method and its length
  /// @param other another method and its length, which may differ beyond the range
  /// @param range the least number of tokens and one past the largest
  /// @return the 95 % interval of `loss(other) - loss(one)`, both resampled together over blocks
  /// @throws IllegalArgumentException if nothing was measured there
  public Interval advantage(Place one, Place other, Bands.Range range) {
    return Bootstrap.ofDifference(units(other, range), units(one, range));
  }

  private List<Bootstrap.Unit> units(Place place, Bands.Range range) {
    List<Bootstrap.Unit> units =
        passes(place).stream()
            .flatMap(pass -> pass.loss().blocks().stream())
            .filter(block -> block.context() >= range.from() && block.context() < range.to())
            .map(block -> new Bootstrap.Unit(weighting.sum(block), weighting.weight(block)))
            .toList();
    if (units.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing was measured of '%s' from %d to %d tokens"
              .formatted(place.method(), range.from(), range.to()));
    }
    return units;
  }

  /// Blocks go whole into the band that their first prediction falls into.
  private List<PerplexityRow.Band> bands(List<PassLoss.Block> blocks, int length) {
    List<PerplexityRow.Band> bands = new ArrayList<>();
    for (Bands.Range range : Bands.around(trainedLength, length).ranges(length)) {
      List<PassLoss.Block> inside =
          blocks.stream()
              .filter(block -> block.context() >= range.from() && block.context() < range.to())
              .toList();
      long tokens = inside.stream().mapToLong(PassLoss.Block::count).sum();
      double nats = inside.stream().mapToDouble(PassLoss.Block::nats).sum();
      if (tokens > 0) {
        bands.add(new PerplexityRow.Band(range.from(), range.to(), nats / tokens, tokens));
      } else if (!bands.isEmpty()) {
        // blocks longer than a band: what lies here was counted before
        PerplexityRow.Band before = bands.removeLast();
        bands.add(
            new PerplexityRow.Band(before.from(), range.to(), before.loss(), before.tokens()));
      }
    }
    return bands;
  }
}
