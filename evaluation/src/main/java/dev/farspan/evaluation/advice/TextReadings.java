package dev.farspan.evaluation.advice;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.cells.Cell;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.MemoryCells;
import dev.farspan.evaluation.cells.RunHeader;
import dev.farspan.evaluation.perplexity.Corpus;
import dev.farspan.evaluation.perplexity.Perplexities;
import dev.farspan.evaluation.perplexity.PerplexityPlan;
import dev.farspan.evaluation.perplexity.PerplexityRow;
import dev.farspan.evaluation.perplexity.PerplexityRun;
import dev.farspan.evaluation.perplexity.Protocol;
import dev.farspan.runtime.decode.Decoder;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import tools.jackson.databind.JsonNode;

/// Readings of a text by a model: passes of protocol [Protocol#WHOLE], kept as `eval perplexity`
/// keeps them.
public final class TextReadings implements Readings {
  private final Decoder decoder;
  private final Corpus text;
  private final How how;
  private final Kept kept;

  /// How a text is read.
  ///
  /// @param stride predictions of a block, which losses are kept by
  /// @param cacheType type of the KV cache
  /// @param costs predicted seconds of a reading, by method and length
  /// @param listener told of each reading
  public record How(
      int stride,
      CacheType cacheType,
      ToDoubleBiFunction<MethodSpec, Integer> costs,
      ReadingListener listener) {}

  /// Makes readings.
  ///
  /// @param decoder the model
  /// @param text one text
  /// @param how how it is read
  /// @param header what the run is
  /// @param cells where readings are kept and found
  public TextReadings(Decoder decoder, Corpus text, How how, RunHeader header, Cells cells) {
    this.decoder = decoder;
    this.text = text;
    this.how = how;
    this.kept = new Kept(cells, header, Cells.inMemory());
  }

  @Override
  public void read(MethodSpec method, int length) {
    PerplexityPlan plan =
        new PerplexityPlan(
            Protocol.WHOLE, List.of(length), how.stride(), 1, List.of(method), how.cacheType());
    PerplexityRun run = new PerplexityRun(decoder, text, plan);
    boolean stored = run.tokens(kept) == 0;
    run.run(kept, at -> how.listener().onProgress(method, length, at));
    how.listener().onReading(method, length, stored);
  }

  @Override
  public double predict(MethodSpec method, int length) {
    return how.costs().applyAsDouble(method, length);
  }

  /// Returns what a reading took.
  ///
  /// @param method the context method
  /// @param length tokens that were read
  /// @return seconds; 0 if there was none
  public double seconds(MethodSpec method, int length) {
    return Optional.ofNullable(losses().costs().get(new Perplexities.Place(method.text(), length)))
        .map(PerplexityRow.Cost::seconds)
        .orElse(0.0);
  }

  @Override
  public boolean seesAll(MethodSpec method, int length) {
    Method resolved = Method.resolve(method, decoder.config(), length);
    return resolved.pattern().seen(length - 1) == length;
  }

  @Override
  public Perplexities losses() {
    return Perplexities.of(kept.memory.run(kept.header));
  }

  /// Cells of which those that this run asked for are at hand: a store may hold others, which no
  /// decision is to see.
  private record Kept(Cells cells, RunHeader header, MemoryCells memory) implements Cells {
    @Override
    public Optional<JsonNode> find(Labels key) {
      Optional<JsonNode> found = cells.find(key);
      found.ifPresent(value -> memory.keep(new Cell(key, value)));
      return found;
    }

    @Override
    public void keep(Cell cell) {
      cells.keep(cell);
      memory.keep(cell);
    }
  }
}
