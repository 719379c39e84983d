package dev.farspan.planner.memory;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.attention.AttentionPattern.InfLlm;
import dev.farspan.context.attention.AttentionPattern.Landmark;
import dev.farspan.context.method.Method;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;

/// The buffers of a computation, all on the heap, as the runtime sizes them. Each part names the
/// class whose arrays it counts.
///
/// @param activations of the block in flight (`Activations`)
/// @param logits of one position and its residual row (`Decoder`)
/// @param workers of all threads: panels of weights, tiles of keys and scores (`Workers`,
///   `TileScratch`, `PartialSoftmax`)
/// @param rotations of pages and of the block's queries (`RotationTables`, `BlockPlan`)
/// @param retrieval what InfLLM remembers of queries and blocks (`BlockRetrieval`)
/// @param vocabulary the tokenizer's tables
/// @param pages Java's own record of each page of the cache (`Page` and its memory segment)
public record Scratch(
    long activations,
    long logits,
    long workers,
    long rotations,
    long retrieval,
    long vocabulary,
    long pages) {
  private static final long FLOAT = Float.BYTES;

  /// Depth and width of a panel of weights and rows that meet it (`MatMul`).
  private static final long PANEL_FLOATS = 256L * 128 + 128L * 16;

  /// Rows of one item of attention (`FlashAttention`).
  private static final long TILE_ROWS = 192;

  /// The cosines and sines of one page and branch are two small arrays in three objects.
  private static final long ROTATION_OBJECTS = 88;

  /// A page, its segment, its entry in the arena's list and in that of the layer: estimated from
  /// their fields, not measured.
  private static final long PAGE_OBJECTS = 180;

  /// Strings, merges and maps of one token: the old generation of two models held 50 and 256 bytes
  /// for each token more than their buffers (docs/planning.md).
  private static final long TOKEN_OBJECTS = 200;

  static Scratch of(ModelConfig config, Method method, Request request, CacheBytes cache) {
    int rows = Math.min(request.reading().block(), Math.max(1, request.reading().prompt()));
    return new Scratch(
        Math.multiplyExact(activations(config, rows), FLOAT),
        ((long) config.vocabSize() + config.hiddenSize()) * FLOAT,
        workers(config) * FLOAT * request.threads(),
        rotations(config, method, request, rows),
        retrieval(config, method, request.reading().tokens(), rows),
        config.vocabSize() * TOKEN_OBJECTS,
        Math.multiplyExact((cache.pages() + cache.exactPages()) * PAGE_OBJECTS, request.batch()));
  }

  /// Returns the whole.
  ///
  /// @return bytes on the heap
  public long total() {
    return activations + logits + workers + rotations + retrieval + vocabulary + pages;
  }

  private static long activations(ModelConfig config, long rows) {
    AttentionConfig heads = config.attention();
    long hidden = config.hiddenSize();
    long attention = 2L * heads.querySize() + 2L * heads.kvSize() + heads.headDim();
    long feedForward =
        switch (config.feedForward()) {
          case FeedForward.Dense dense -> 2L * dense.intermediateSize();
          case FeedForward.Experts experts ->
              2L * experts.intermediateSize() + experts.experts() + 2 * hidden;
        };
    return Math.multiplyExact(rows, 4 * hidden + attention + feedForward);
  }

  private static long workers(ModelConfig config) {
    AttentionConfig heads = config.attention();
    long rows = Math.max(TILE_ROWS, heads.groupSize());
    // Queries, rotated queries, cosines, sines and outputs; scores; a tile of keys or values.
    long tiles =
        rows * (4L * heads.headDim() + CacheTypes.PAGE) + (long) CacheTypes.PAGE * heads.headDim();
    return PANEL_FLOATS + tiles;
  }

  private static long rotations(ModelConfig config, Method method, Request request, int rows) {
    long bytes = 0;
    for (LayerConfig kind : config.layers().stream().distinct().toList()) {
      if (kind.rope() != LayerConfig.NO_ROPE) {
        long pairs = config.ropes().get(kind.rope()).base().pairs();
        AttentionPattern pattern = method.patternOf(kind);
        long pages = Math.ceilDiv(request.reading().tokens(), CacheTypes.PAGE);
        long page = 2 * pairs * FLOAT + ROTATION_OBJECTS;
        long branches = pattern.branches().size();
        bytes += branches * (pages * page + Math.multiplyExact(rows, 2 * pairs * FLOAT));
        bytes += 2 * pairs * CacheTypes.PAGE * FLOAT; // offsets inside a page
      }
    }
    return bytes;
  }

  private static long retrieval(ModelConfig config, Method method, long tokens, int rows) {
    long layers =
        config.layers().stream().filter(layer -> layer.window() == LayerConfig.FULL).count();
    long width = config.attention().kvSize();
    if (method.pattern() instanceof Landmark landmark) {
      return Math.multiplyExact(layers * (tokens / landmark.block()), width * FLOAT);
    }
    if (!(method.pattern() instanceof InfLlm rule)) {
      return 0;
    }
    long ring = (long) rule.local() + rule.block() + rows;
    long summaries = Math.max(0, tokens - rule.sinks() - rule.local()) / rule.block();
    return Math.multiplyExact(layers * (Math.min(ring, 2 * tokens) + summaries), width * FLOAT);
  }
}
