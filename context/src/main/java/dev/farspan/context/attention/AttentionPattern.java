package dev.farspan.context.attention;

import java.util.List;

/// Which keys a query sees and at which relative position: one record per method.
///
/// The definitions agree with `method_oracle.py`, which made the golden logits of every pattern.
public sealed interface AttentionPattern {

  /// Every earlier key at its true distance.
  record Full() implements AttentionPattern {}

  /// The last `size` keys at their true distances (sliding window attention).
  ///
  /// @param size keys that a query sees, its own included
  record Window(int size) implements AttentionPattern {
    /// Checks the size.
    public Window {
      require(size >= 1, "window needs size of at least 1, got " + size);
    }
  }

  /// Each token computed by a fresh pass over the last `size` tokens, the dense baseline of
  /// StreamingLLM (arXiv 2309.17453 figure 1c). The engine runs the passes; inside one, attention
  /// is full.
  ///
  /// @param size tokens of a pass, the new one included
  record WindowRecompute(int size) implements AttentionPattern {
    /// Checks the size.
    public WindowRecompute {
      require(size >= 1, "window-recompute needs size of at least 1, got " + size);
    }
  }

  /// StreamingLLM (arXiv 2309.17453): the first `sinks` keys and the last `window`, positions
  /// counted inside the cache.
  ///
  /// @param sinks first keys that stay visible, the attention sinks
  /// @param window last keys that are visible, the query's own included
  record Streaming(int sinks, int window) implements AttentionPattern {
    /// Checks the sizes.
    public Streaming {
      require(sinks >= 0, "streaming needs sinks of at least 0, got " + sinks);
      require(window >= 1, "streaming needs a window of at least 1, got " + window);
    }
  }

  /// Self-Extend (arXiv 2401.01325): near keys at true distances, far keys at grouped positions.
  ///
  /// @param group positions that share one grouped position
  /// @param window near keys, the query's own included
  record SelfExtend(int group, int window) implements AttentionPattern {
    /// Checks the sizes.
    public SelfExtend {
      require(group >= 1, "self-extend needs a group of at least 1, got " + group);
      require(window >= 1, "self-extend needs a window of at least 1, got " + window);
    }
  }

  /// ReRoPE (bojone/rerope): no distance beyond `window`.
  ///
  /// @param window distance at which positions stop growing
  /// @param logn whether queries beyond the trained length are scaled by `ln(i+1)/ln(L)`
  record ReRope(int window, boolean logn) implements AttentionPattern {
    /// Checks the window.
    public ReRope {
      require(window >= 1, "rerope needs a window of at least 1, got " + window);
    }
  }

  /// Leaky ReRoPE (bojone/rerope): distances beyond `window` grow by `1/k` a position.
  ///
  /// @param window distance at which positions begin to grow slower
  /// @param k how many positions make one step beyond the window
  record LeakyReRope(int window, double k) implements AttentionPattern {
    /// Checks the values.
    public LeakyReRope {
      require(window >= 1, "leaky-rerope needs a window of at least 1, got " + window);
      require(k >= 1 && Double.isFinite(k), "leaky-rerope needs k of at least 1, got " + k);
    }
  }

  /// LM-Infinite (arXiv 2308.16137): the first `sinks` keys at distance `window`, and a near
  /// window.
  ///
  /// @param sinks first keys that stay visible
  /// @param window last keys that are visible, and the largest distance
  record LmInfinite(int sinks, int window) implements AttentionPattern {
    /// Checks the sizes.
    public LmInfinite {
      require(sinks >= 0, "lm-infinite needs sinks of at least 0, got " + sinks);
      require(window >= 1, "lm-infinite needs a window of at least 1, got " + window);
    }
  }

  /// Dual chunk attention (arXiv 2402.17463, constants as in its code): positions inside chunks of
  /// `chunk - local`.
  ///
  /// @param chunk largest position of a query (L_c)
  /// @param local distance up to which positions across a chunk border are true
  record DualChunk(int chunk, int local) implements AttentionPattern {
    /// Checks the sizes.
    public DualChunk {
      require(local >= 1, "dual-chunk needs local of at least 1, got " + local);
      require(
          chunk > local,
          "dual-chunk needs chunk above local, got chunk=" + chunk + " and local=" + local);
    }

    /// Returns how many positions a chunk holds.
    ///
    /// @return `chunk - local`
    public int stride() {
      return chunk - local;
    }
  }

  /// InfLLM (arXiv 2402.04617): sinks, a local window, and the `topk` most relevant old blocks, all
  /// of them at distance `local`.
  ///
  /// @param sinks first keys that stay visible
  /// @param local last keys that are visible at true distances
  /// @param block keys in a block of the old context
  /// @param topk blocks a query retrieves in each layer
  /// @param representatives keys of a block that its relevance is judged by
  record InfLlm(int sinks, int local, int block, int topk, int representatives)
      implements AttentionPattern {
    /// Checks the sizes.
    public InfLlm {
      require(sinks >= 0, "infllm needs sinks of at least 0, got " + sinks);
      require(local >= 1, "infllm needs local of at least 1, got " + local);
      require(block >= 1, "infllm needs a block of at least 1, got " + block);
      require(topk >= 0, "infllm needs topk of at least 0, got " + topk);
      require(
          representatives >= 1 && representatives <= block,
          "infllm needs representatives between 1 and block, got " + representatives);
    }
  }

  /// Memory tokens (AutoCompressor, arXiv 2305.14788): a text is read segment by segment, and past
  /// segments are seen through the summaries their memory tokens left. The engine runs the
  /// segments; inside one, attention is that of a [SoftPrompt].
  ///
  /// @param tokens memory tokens of a segment, and so vectors of a summary
  /// @param segment tokens of text in a segment
  /// @param keep of how many past segments the summaries are seen
  record MemoryTokens(int tokens, int segment, int keep) implements AttentionPattern {
    /// What a request leaves to the checkpoint, which knows how it was trained.
    public static final int TRAINED = -1;

    /// Checks the sizes.
    public MemoryTokens {
      require(tokens >= 1 || tokens == TRAINED, "memory-tokens needs tokens, got " + tokens);
      require(
          segment >= 1 || segment == TRAINED,
          "memory-tokens needs a segment of at least 1, got " + segment);
      require(keep >= 0 || keep == TRAINED, "memory-tokens needs keep of at least 0, got " + keep);
    }

    /// Returns how many vectors stand before a segment.
    ///
    /// @param before how many segments came before it
    /// @return those of the summaries it sees
    public int vectors(int before) {
      return Math.multiplyExact(tokens, Math.min(before, keep));
    }

    /// Returns the pattern of one segment.
    ///
    /// @param before how many segments came before it
    /// @return its summaries, its text and its memory tokens as one sequence
    public SoftPrompt inSegment(int before) {
      return new SoftPrompt(vectors(before), span());
    }
  }

  /// One segment behind the summaries of earlier ones. The summaries have no place in the text, as
  /// in the paper: they all stand at position 0, where nothing is rotated, and the text counts from
  /// 0 as if they were not there.
  ///
  /// @param vectors how many vectors of summaries come first
  /// @param reach largest position and one, however many vectors there are
  record SoftPrompt(int vectors, int reach) implements AttentionPattern {
    /// Checks the sizes.
    public SoftPrompt {
      require(vectors >= 0, "a soft prompt has at least 0 vectors, got " + vectors);
      require(reach >= 1, "a segment has at least 1 token, got " + reach);
    }

    /// Returns the position of an element of the sequence.
    ///
    /// @param i its index, the vectors counted
    /// @return 0 for a vector, else how many tokens of the segment come before it
    public int position(int i) {
      return Math.max(0, i - vectors);
    }
  }

  /// Landmark attention (arXiv 2305.16300, section 3.2): a query sees its own block, the `local`
  /// blocks before it, and of the older ones the `topk` whose landmarks score highest, under the
  /// grouped softmax ([GroupedSoftmax]) of all these.
  ///
  /// Positions are the paper's stingy ones: true distances to the last `topk` of the old blocks;
  /// all that are older stand where the block before those would.
  ///
  /// @param block tokens of a block, its landmark not counted; 0 until the method is resolved for a
  ///   model
  /// @param topk old blocks that a query retrieves in each head
  /// @param local blocks before the query's own that are always seen
  /// @param memory tokens whose keys and values stay in memory, older ones go to disk
  record Landmark(int block, int topk, int local, int memory) implements AttentionPattern {
    /// Memory of a request that does not limit it.
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /// Checks the sizes.
    public Landmark {
      require(topk >= 0, "landmark needs topk of at least 0, got " + topk);
      require(local >= 0, "landmark needs local of at least 0, got " + local);
      require(memory >= 1, "landmark needs memory of at least 1, got " + memory);
    }

    /// Returns the same request for a model.
    ///
    /// @param block tokens of the model's blocks
    /// @return the pattern in force
    public Landmark of(int block) {
      return new Landmark(block, topk, local, memory);
    }

    /// Returns how many keys a block and its landmark have.
    ///
    /// @return `block + 1`
    public int width() {
      return block + 1;
    }

    /// Returns how many blocks a query sees by retrieval only: the first ones.
    ///
    /// @param i index of the query
    /// @return blocks older than the local ones
    public int old(int i) {
      return Math.max(0, i / width() - local);
    }

    /// Returns the first position whose keys and values stay in memory.
    ///
    /// @param next how many positions there are, landmarks included
    /// @return 0 without a limit
    public int inMemory(int next) {
      return (int) Math.max(0, next - memory - (long) memory / block);
    }

    /// Returns how far a query sees a key away.
    ///
    /// @param i index of the query
    /// @param j index of the key
    /// @return the true distance, or that of the same place in the block before the last `topk` old
    ///   ones
    public int distance(int i, int j) {
      return i / width() - j / width() > local + topk
          ? (local + topk + 1) * width() + i % width() - j % width()
          : i - j;
    }
  }

  /// Returns the runs of keys a query sees.
  ///
  /// @return the branches; they never overlap for one query
  default List<Branch> branches() {
    return Branches.of(this);
  }

  /// Returns how many keys a query sees: what it costs.
  ///
  /// @param i index of the query
  /// @return keys, of a run it retrieves from the most that it may retrieve
  default int seen(int i) {
    int keys = 0;
    for (Branch branch : branches()) {
      int run = Math.max(0, branch.to().applyAsInt(i) - branch.from().applyAsInt(i));
      keys += branch.chosen() ? (int) Math.min(run, retrieved()) : run;
    }
    return this instanceof MemoryTokens memory ? keys + memory.vectors(i / memory.segment()) : keys;
  }

  /// The most keys that a query retrieves from a run.
  private long retrieved() {
    return switch (this) {
      case InfLlm(int _, int _, int block, int topk, int _) -> (long) topk * block;
      case Landmark landmark -> (long) landmark.topk() * landmark.width();
      case Full _,
          Window _,
          WindowRecompute _,
          Streaming _,
          SelfExtend _,
          ReRope _,
          LeakyReRope _,
          LmInfinite _,
          DualChunk _,
          MemoryTokens _,
          SoftPrompt _ ->
          0;
    };
  }

  /// Returns the keys that the query at `next`, or a later one, may see.
  ///
  /// @param next index of the next query
  /// @return what must stay in a cache
  default Retained retained(int next) {
    return switch (this) {
      case Window(int size) -> new Retained(0, Math.max(0, next - size + 1));
      case Streaming(int sinks, int window) ->
          new Retained(sinks, Math.max(sinks, next - window + 1));
      case LmInfinite(int sinks, int window) ->
          new Retained(sinks, Math.max(sinks, next - window + 1));
      case MemoryTokens memory -> new Retained(0, next / memory.segment() * memory.segment());
      case Full _,
          WindowRecompute _,
          SelfExtend _,
          ReRope _,
          LeakyReRope _,
          DualChunk _,
          InfLlm _,
          SoftPrompt _,
          Landmark _ ->
          Retained.ALL;
    };
  }

  /// Returns the longest sequence that looks to the pattern's queries as long as it is: one more
  /// than the largest distance they see.
  ///
  /// Under a bounded pattern a dynamic policy stops stretching here, since no distance grows
  /// further.
  ///
  /// @return positions, or `Integer.MAX_VALUE` where distances grow with the sequence
  default int span() {
    return switch (this) {
      case Window(int size) -> size;
      case Streaming(int sinks, int window) -> Math.addExact(sinks, window);
      case LmInfinite(int _, int window) -> Math.addExact(window, 1);
      case ReRope(int window, boolean _) -> Math.addExact(window, 1);
      case DualChunk(int chunk, int _) -> Math.addExact(chunk, 1);
      case InfLlm infLlm -> Math.addExact(infLlm.local(), 1);
      case MemoryTokens memory -> Math.addExact(memory.segment(), memory.tokens());
      case SoftPrompt prompt -> prompt.reach();
      case Landmark p -> Math.multiplyExact(Math.addExact(p.local(), p.topk() + 2), p.width());
      case Full _, WindowRecompute _, SelfExtend _, LeakyReRope _ -> Integer.MAX_VALUE;
    };
  }

  /// Returns the factor on the query at an index (log-n scaling; 1 for patterns without it).
  ///
  /// @param i index of the query
  /// @param trainedLength L
  /// @return `max(1, ln(i+1)/ln(L))` with `logn` (bojone/rerope), else 1
  default double queryScale(int i, int trainedLength) {
    return this instanceof ReRope(int _, boolean logn) && logn
        ? Math.max(1, Math.log(i + 1.0) / Math.log(trainedLength))
        : 1;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
