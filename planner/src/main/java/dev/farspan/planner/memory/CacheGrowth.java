package dev.farspan.planner.memory;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.attention.Retained;
import dev.farspan.context.method.Method;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.TrainedMemory.Landmarks;
import dev.farspan.context.rope.FrequencySchedule;
import java.util.ArrayList;
import java.util.List;

/// Follows a sequence block by block and counts the pages its cache needs, as the runtime takes and
/// drops them: a block takes its pages in every layer before any layer drops one, and a quantised
/// layer holds the exact pages of its block until they are complete and read.
///
/// Exact where the rule of the runtime's `LayerCache` is: a test compares the two for every method
/// and type.
public final class CacheGrowth {
  /// Blocks of the fresh passes of window-recompute (`RecomputedSession`).
  private static final int PASS_BLOCK = 512;

  private final ModelConfig config;
  private final CacheTypes types;
  private final List<Kind> kinds = new ArrayList<>();
  private final List<FrequencySchedule> schedules = new ArrayList<>();
  private int position;
  private int tablesEnd;
  private long pages;
  private long exactPages;

  private CacheGrowth(ModelConfig config, Method method, CacheTypes types, int prompt) {
    this.config = config;
    this.types = types;
    for (LayerConfig kind : config.layers().stream().distinct().toList()) {
      int count = (int) config.layers().stream().filter(kind::equals).count();
      kinds.add(new Kind(method.patternOf(kind), count));
    }
    for (int r = 0; r < config.ropes().size(); r++) {
      schedules.add(
          FrequencySchedule.of(
              method.policies().get(r),
              config.ropes().get(r).base(),
              prompt,
              method.pattern().span()));
    }
  }

  /// Returns what the cache of a sequence takes.
  ///
  /// @param config the model's shape
  /// @param method the context method in force
  /// @param types what keys and values are stored as
  /// @param reading how the sequence is read and written
  /// @return what is allocated when it ends
  public static CacheBytes of(
      ModelConfig config, Method method, CacheTypes types, Reading reading) {
    if (method.pattern() instanceof AttentionPattern.WindowRecompute(int size)) {
      return recomputed(config, method, types, reading, size);
    }
    if (method.pattern() instanceof AttentionPattern.MemoryTokens memory) {
      return segmented(config, method, types, reading, memory);
    }
    if (method.pattern() instanceof AttentionPattern.Landmark
        && config.memory() instanceof Landmarks landmarks) {
      int prompt = landmarks.read(reading.prompt());
      int written = landmarks.read(reading.tokens()) - prompt;
      return grown(config, method, types, new Reading(prompt, written, reading.block()));
    }
    return grown(config, method, types, reading);
  }

  private static CacheBytes grown(
      ModelConfig config, Method method, CacheTypes types, Reading reading) {
    CacheGrowth growth = new CacheGrowth(config, method, types, reading.prompt());
    growth.feed(reading.prompt(), reading.block());
    growth.feed(reading.written(), 1);
    return growth.bytes();
  }

  /// Beyond its size every token is computed in a session of its own.
  private static CacheBytes recomputed(
      ModelConfig config, Method method, CacheTypes types, Reading reading, int size) {
    Method full = new Method(method.name(), method.policies(), new AttentionPattern.Full());
    Reading pass =
        reading.tokens() <= size ? reading : new Reading(size, 0, Math.min(size, PASS_BLOCK));
    return of(config, full, types, pass);
  }

  /// The larger of the last segment's cache and that of the one before, its memory tokens read: a
  /// segment's is given back with it (`SegmentedSession`).
  private static CacheBytes segmented(
      ModelConfig config,
      Method method,
      CacheTypes types,
      Reading reading,
      AttentionPattern.MemoryTokens memory) {
    int last = (reading.tokens() - 1) / memory.segment();
    int rest = memory.vectors(last) + reading.tokens() - last * memory.segment();
    int full = last == 0 ? 0 : memory.vectors(last - 1) + memory.span();
    Method inside = new Method(method.name(), method.policies(), memory.inSegment(last));
    return of(config, inside, types, new Reading(Math.max(rest, full), 0, reading.block()));
  }

  private CacheBytes bytes() {
    AttentionConfig heads = config.attention();
    return new CacheBytes(
        pages, exactPages, types.pageBytes(heads), CacheTypes.exactPageBytes(heads));
  }

  private void feed(int tokens, int block) {
    int end = position + tokens;
    while (position < end) {
      if (position >= tablesEnd) {
        tablesEnd = schedules.stream().mapToInt(s -> s.stageEnd(position)).min().orElse(end);
      }
      step(Math.min(Math.min(block, end - position), tablesEnd - position));
    }
  }

  /// Takes in a block.
  private void step(int rows) {
    int before = position;
    position += rows;
    if (types.quantised()) {
      exactPages = Math.max(exactPages, exactPages(before, position));
    }
    // A page of another type is there when it is complete, any other when it is begun.
    int stored =
        types.quantised() ? position / CacheTypes.PAGE : Math.ceilDiv(position, CacheTypes.PAGE);
    long live = 0;
    for (Kind kind : kinds) {
      live += (long) kind.layers * (stored - kind.dropped);
      kind.drop(position);
    }
    pages = Math.max(pages, live);
  }

  /// Exact pages at the worst moment of a block: the first layer's, when all others still hold
  /// their incomplete page, or the last one's, when all others hold that of the new end.
  private long exactPages(int from, int to) {
    int layers = config.layers().size();
    int taken = Math.ceilDiv(to, CacheTypes.PAGE) - Math.ceilDiv(from, CacheTypes.PAGE);
    int held = from % CacheTypes.PAGE == 0 ? 0 : 1;
    int left = to % CacheTypes.PAGE == 0 ? 0 : 1;
    long first = (long) layers * held + taken;
    long last = (long) (layers - 1) * left + held + taken;
    return Math.max(first, last);
  }

  /// Layers that see the same keys, and how many pages each has dropped.
  private static final class Kind {
    private final AttentionPattern pattern;
    private final int layers;
    private int firstLive;
    private int dropped;

    Kind(AttentionPattern pattern, int layers) {
      this.pattern = pattern;
      this.layers = layers;
    }

    void drop(int position) {
      Retained retained = pattern.retained(position);
      int from = Math.max(firstLive, Math.ceilDiv(retained.head(), CacheTypes.PAGE));
      int to = Math.min(retained.tail(), position) / CacheTypes.PAGE;
      if (pattern instanceof AttentionPattern.Landmark rule) {
        to = rule.inMemory(position) / CacheTypes.PAGE; // older pages are on disk
      }
      dropped += Math.max(0, to - from);
      firstLive = Math.max(firstLive, to);
    }
  }
}
