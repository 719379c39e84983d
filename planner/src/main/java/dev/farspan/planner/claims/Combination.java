package dev.farspan.planner.claims;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.planner.memory.CacheTypes;
import dev.farspan.planner.shape.ModelShape;
import dev.farspan.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/// One reading of "the KV cache of this model at this length": which heads, type and batch.
///
/// @param multiHead whether every query head is counted as if it had keys and values of its own
/// @param type type of keys and values
/// @param tokens tokens of a sequence
/// @param perSequence bytes of one sequence
public record Combination(boolean multiHead, DType type, int tokens, long perSequence) {
  /// What "100+ GB" says.
  public static final long HUNDRED_GB = 100_000_000_000L;

  /// Returns the readings of a model at a length.
  ///
  /// @param shape the model
  /// @param tokens tokens of a sequence
  /// @return its own heads in every type, then as if multi-head, unless it is
  public static List<Combination> of(ModelShape shape, int tokens) {
    List<Combination> all = new ArrayList<>();
    ModelConfig config = shape.config();
    add(all, false, config, tokens);
    if (config.attention().groupSize() > 1) {
      add(all, true, shape.asMultiHead().config(), tokens);
    }
    return all;
  }

  private static void add(
      List<Combination> all, boolean multiHead, ModelConfig config, int tokens) {
    for (DType type : CacheTypes.TYPES) {
      if (type != DType.BF16) { // as large as F16
        long bytes =
            CacheTypes.of(type)
                .textbookBytes(config.attention(), config.layers().size(), tokens, 1);
        all.add(new Combination(multiHead, type, tokens, bytes));
      }
    }
  }

  /// Returns the smallest batch whose caches reach 100 GB.
  ///
  /// @return sequences, at least 1
  public long batchOfHundredGb() {
    return Math.ceilDiv(HUNDRED_GB, Math.max(1, perSequence));
  }
}
