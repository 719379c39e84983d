package dev.farspan.runtime.decode;

import dev.farspan.context.attention.AttentionPattern.InfLlm;
import dev.farspan.context.attention.AttentionPattern.Landmark;
import dev.farspan.context.attention.Retained;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencySchedule;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.kernels.PageLayout;
import dev.farspan.runtime.attention.AttentionCall;
import dev.farspan.runtime.attention.BlockPlan;
import dev.farspan.runtime.attention.BlockRetrieval;
import dev.farspan.runtime.attention.LandmarkKeys;
import dev.farspan.runtime.decode.Maps.Phase;
import dev.farspan.runtime.kvcache.KvCache;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/// A sequence with a KV cache: each token is computed once.
///
/// A feed is split where a frequency table changes, so every token is computed under the table of
/// its own stage, whatever the blocks. Positions that no later query can see are dropped after each
/// block.
final class CachedSession implements Session {
  private static final RopeTable UNROTATED = new RopeTable(new float[0], 1);
  private static final int VECTOR_BLOCK = 64;

  private final Decoder decoder;
  private final SessionOptions options;
  private final ModelConfig config;
  private final LayerGroups groups;
  private final List<FrequencySchedule> schedules = new ArrayList<>();
  private final List<BlockPlan> plans = new ArrayList<>(); // of each group
  private final List<AttentionBlock.Layer> layers = new ArrayList<>();
  private final KvCache cache;
  private final RopeTable[] tables; // in force, of each schedule
  private int tablesEnd; // first position they may not be in force for
  private int position;
  private int held; // what this position needs is not dropped

  CachedSession(Decoder decoder, SessionOptions options) {
    this.decoder = decoder;
    this.options = options;
    this.config = decoder.config();
    this.groups = new LayerGroups(config);
    for (int r = 0; r < config.ropes().size(); r++) {
      schedules.add(schedule(r, options.promptLength()));
    }
    this.tables = new RopeTable[schedules.size()];
    renewTables();
    for (int g = 0; g < groups.count(); g++) {
      LayerConfig kind = groups.kind(g);
      plans.add(new BlockPlan(options.method().patternOf(kind), tableOf(kind)));
    }
    int headDim = config.attention().headDim();
    PageLayout layout = options.cacheType().layout(config.attention().kvHeads(), headDim);
    this.cache = new KvCache(config.layers().size(), layout);
    for (int l = 0; l < config.layers().size(); l++) {
      layers.add(layer(l));
    }
  }

  private FrequencySchedule schedule(int rope, int promptLength) {
    return FrequencySchedule.of(
        options.method().policies().get(rope),
        config.ropes().get(rope).base(),
        promptLength,
        options.method().pattern().span());
  }

  private AttentionBlock.Layer layer(int index) {
    LayerConfig kind = config.layers().get(index);
    RopeConfig rope = config.ropes().get(Math.max(0, kind.rope()));
    BlockPlan plan = plans.get(groups.groupOf(index));
    BlockRetrieval retrieval =
        plan.pattern() instanceof InfLlm rule
            ? new BlockRetrieval(rule, config.attention())
            : BlockRetrieval.NONE;
    LandmarkKeys landmarks =
        plan.pattern() instanceof Landmark rule
            ? new LandmarkKeys(rule, config.attention())
            : LandmarkKeys.NONE;
    AttentionCall call =
        new AttentionCall(
            config.attention(),
            decoder.sinks(index),
            cache.layer(index),
            plan,
            retrieval,
            landmarks);
    return new AttentionBlock.Layer(call, rope.pairing(), rope.base().trainedLength());
  }

  private void renewTables() {
    tablesEnd = Integer.MAX_VALUE;
    for (int r = 0; r < tables.length; r++) {
      tables[r] = schedules.get(r).table(position);
      tablesEnd = Math.min(tablesEnd, schedules.get(r).stageEnd(position));
    }
  }

  private RopeTable tableOf(LayerConfig kind) {
    return kind.rope() == LayerConfig.NO_ROPE ? UNROTATED : tables[kind.rope()];
  }

  @Override
  public int position() {
    return position;
  }

  @Override
  public long cacheBytes() {
    return cache.bytes();
  }

  @Override
  public void feed(int[] tokens, int block, LogitsSink sink, IntConsumer progress) {
    requireBlock(block);
    decoder.claim();
    try {
      feedClaimed(tokens, block, sink, progress);
    } finally {
      decoder.release();
    }
  }

  private void feedClaimed(int[] tokens, int block, LogitsSink sink, IntConsumer progress) {
    boolean decode = block == 1;
    int at = 0;
    while (at < tokens.length) {
      int rows = start(Math.min(block, tokens.length - at));
      Phase phase = decode ? Phase.DECODE : new Phase(rows, false);
      decoder.forward(tokens, at, phase, layers);
      decoder.logits(position, phase, sink);
      at += rows;
      end(rows);
      progress.accept(position);
    }
  }

  /// Feeds vectors in the place of embeddings, on the path of prefill.
  ///
  /// @param vectors (count, hidden)
  /// @return their last hidden states (count, hidden), normalised
  float[] feedVectors(float[] vectors) {
    int count = vectors.length / config.hiddenSize();
    float[] states = new float[vectors.length];
    decoder.claim();
    try {
      for (int at = 0; at < count; ) {
        int rows = start(Math.min(VECTOR_BLOCK, count - at));
        Phase phase = new Phase(rows, false);
        decoder.forward(vectors, at, phase, layers);
        decoder.lastHidden(phase, states, at);
        at += rows;
        end(rows);
      }
    } finally {
      decoder.release();
    }
    return states;
  }

  /// Plans the next block; returns how many rows it has: fewer than asked where a table changes.
  private int start(int wanted) {
    if (position >= tablesEnd) {
      renewTables();
    }
    int rows = Math.min(wanted, tablesEnd - position);
    for (int g = 0; g < plans.size(); g++) {
      plans.get(g).start(tableOf(groups.kind(g)), position, rows);
    }
    return rows;
  }

  private void end(int rows) {
    position += rows;
    drop();
  }

  static void requireBlock(int block) {
    if (block < 1) {
      throw new IllegalArgumentException(
          "tokens are fed in blocks of at least 1, got a block of " + block);
    }
  }

  @Override
  public boolean servesPromptOf(int promptLength) {
    for (int r = 0; r < schedules.size(); r++) {
      // Stages grow with the length, so two schedules that agree at the start agree everywhere.
      if (schedules.get(r).stage(0) != schedule(r, promptLength).stage(0)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int rewindable(int to) {
    requireSeen(to, position);
    int kept = to;
    while (!canKeep(kept)) {
      kept--;
    }
    return kept;
  }

  static void requireSeen(int to, int position) {
    if (to < 0 || to > position) {
      throw new IllegalArgumentException(
          "a sequence of " + position + " tokens can't go back to position " + to);
    }
  }

  private boolean canKeep(int kept) {
    for (int l = 0; l < layers.size(); l++) {
      AttentionCall call = layers.get(l).call();
      Retained needed = call.plan().pattern().retained(kept);
      if (!call.cache().canRewind(kept, needed) || !call.retrieval().canRewind(kept)) {
        return false;
      }
    }
    return true;
  }

  private void requireKept(int to) {
    int possible = rewindable(to);
    if (possible != to) {
      throw new IllegalArgumentException(
          "the cache of method '%s' no longer holds what position %d needs; go back to %d and feed the rest again"
              .formatted(options.method().name(), to, possible));
    }
  }

  @Override
  public void hold(int at) {
    requireKept(at);
    held = at;
    for (AttentionBlock.Layer layer : layers) {
      layer.call().cache().hold(at);
      layer.call().retrieval().hold(at);
    }
  }

  @Override
  public void rewind(int to) {
    requireKept(to);
    if (held > to) {
      hold(to); // nothing beyond can be gone back to any more
    }
    for (AttentionBlock.Layer layer : layers) {
      layer.call().cache().rewind(to);
      layer.call().retrieval().rewind(to);
      layer.call().landmarks().rewind(to);
    }
    position = to;
    renewTables(); // of the stage the position lies in; rotations of pages follow their table
  }

  /// Gives back, or puts on disk, what need not stay: what no later query can see, nor one from the
  /// held position on.
  private void drop() {
    int next = held == 0 ? position : Math.min(held, position);
    for (int g = 0; g < plans.size(); g++) {
      Retained retained = plans.get(g).pattern().retained(next);
      plans.get(g).forget(retained.head(), retained.tail());
      for (int l = 0; l < layers.size(); l++) {
        if (groups.groupOf(l) == g) {
          layers.get(l).cache().drop(retained);
          if (plans.get(g).pattern() instanceof Landmark rule) {
            layers.get(l).cache().spill(rule.inMemory(position));
          }
        }
      }
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}
