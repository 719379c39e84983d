package dev.farspan.runtime.decode;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.attention.AttentionPattern.InfLlm;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencySchedule;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.runtime.attention.BlockPlan;
import dev.farspan.runtime.attention.BlockRetrieval;
import dev.farspan.runtime.attention.Plans;
import dev.farspan.runtime.decode.Maps.Phase;
import dev.farspan.runtime.kvcache.CacheShape;
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

  private final Decoder decoder;
  private final ModelConfig config;
  private final SessionOptions options;
  private final LayerGroups groups;
  private final List<FrequencySchedule> schedules = new ArrayList<>();
  private final List<BlockRetrieval> retrievals = new ArrayList<>();
  private final Plans plans = new Plans();
  private final KvCache cache;
  private int position;

  CachedSession(Decoder decoder, SessionOptions options) {
    this.decoder = decoder;
    this.config = decoder.config();
    this.options = options;
    this.groups = new LayerGroups(config);
    for (int r = 0; r < config.ropes().size(); r++) {
      schedules.add(
          FrequencySchedule.of(
              options.method().policies().get(r),
              config.ropes().get(r).base(),
              options.promptLength(),
              options.method().pattern().span()));
    }
    for (LayerConfig layer : config.layers()) {
      retrievals.add(
          options.method().patternOf(layer) instanceof InfLlm rule
              ? new BlockRetrieval(rule, config.attention())
              : BlockRetrieval.NONE);
    }
    this.cache =
        new KvCache(
            config.layers().size(),
            new CacheShape(
                config.attention().kvHeads(), config.attention().headDim(), options.cacheType()));
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
      int rows = Math.min(Math.min(block, tokens.length - at), stageEnd() - position);
      Phase phase = new Phase(rows, decode);
      List<BlockPlan> blockPlans = plan(rows);
      decoder.forward(tokens, at, phase, layer -> stateOf(layer, blockPlans));
      decoder.logits(position, phase, sink);
      position += rows;
      at += rows;
      drop();
      progress.accept(position);
    }
  }

  static void requireBlock(int block) {
    if (block < 1) {
      throw new IllegalArgumentException(
          "tokens are fed in blocks of at least 1, got a block of " + block);
    }
  }

  private int stageEnd() {
    int end = Integer.MAX_VALUE;
    for (FrequencySchedule schedule : schedules) {
      end = Math.min(end, schedule.stageEnd(position));
    }
    return end;
  }

  private List<BlockPlan> plan(int rows) {
    List<BlockPlan> blockPlans = new ArrayList<>();
    for (int g = 0; g < groups.count(); g++) {
      LayerConfig kind = groups.kind(g);
      RopeTable table =
          kind.rope() == LayerConfig.NO_ROPE
              ? UNROTATED
              : schedules.get(kind.rope()).table(position);
      AttentionPattern pattern = options.method().patternOf(kind);
      blockPlans.add(plans.plan(g, pattern, table, position, rows));
    }
    return blockPlans;
  }

  private AttentionBlock.Layer stateOf(int layer, List<BlockPlan> blockPlans) {
    LayerConfig kind = config.layers().get(layer);
    RopeConfig rope = config.ropes().get(Math.max(0, kind.rope()));
    return new AttentionBlock.Layer(
        cache.layer(layer),
        blockPlans.get(groups.groupOf(layer)),
        retrievals.get(layer),
        rope.pairing(),
        rope.base().trainedLength());
  }

  private void drop() {
    for (int l = 0; l < config.layers().size(); l++) {
      LayerConfig layer = config.layers().get(l);
      cache.layer(l).drop(options.method().patternOf(layer).retained(position));
    }
    for (int g = 0; g < groups.count(); g++) {
      plans.forget(g, options.method().patternOf(groups.kind(g)).retained(position));
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}
