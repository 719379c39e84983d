package dev.farspan.evaluation.advice;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.cells.Cell;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.MemoryCells;
import dev.farspan.evaluation.cells.RunHeader;
import dev.farspan.evaluation.perplexity.Perplexities;
import dev.farspan.evaluation.perplexity.Weighting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Readings of a text that costs a second for 100 tokens, or a multiple of that, under methods
/// whose loss at each position is given. Blocks have 16 predictions.
final class FakeReadings implements Readings {
  static final int TRAINED = 256;
  private static final int BLOCK = 16;

  final List<String> log = new ArrayList<>();
  final Map<String, Loss> losses = new HashMap<>();
  final Map<String, Double> costs = new HashMap<>();
  double slowness = 1;
  List<String> blind = List.of();
  private final MemoryCells cells = new MemoryCells();

  /// The loss of the predictions with so many tokens before them.
  interface Loss {
    double at(int context);
  }

  @Override
  public void read(MethodSpec method, int length) {
    Labels key =
        Labels.of("method", method.text())
            .and("length", length)
            .and("document", 0)
            .and("target", 1);
    if (cells.find(key).isPresent()) {
      return;
    }
    log.add(method + " " + length);
    var value = JsonMapper.shared().createObjectNode();
    value.put("tokens", length).put("seconds", slowness * predict(method, length));
    value.put("cache_bytes", 1000L * length);
    var blocks = value.putArray("blocks");
    for (int at = 0; at < length; at += BLOCK) {
      blocks.addArray().add(at).add(BLOCK).add(BLOCK * losses.get(method.text()).at(at));
    }
    cells.keep(new Cell(key, value));
  }

  @Override
  public double predict(MethodSpec method, int length) {
    return length / 100.0 * costs.getOrDefault(method.text(), 1.0);
  }

  @Override
  public boolean seesAll(MethodSpec method, int length) {
    return !blind.contains(method.text());
  }

  @Override
  public Perplexities losses() {
    return Perplexities.of(
        cells.run(
            new RunHeader(
                Labels.of("trained_length", TRAINED), Labels.of("mean", Weighting.TOKENS))));
  }
}
