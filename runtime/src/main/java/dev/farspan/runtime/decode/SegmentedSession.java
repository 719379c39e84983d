package dev.farspan.runtime.decode;

import dev.farspan.context.attention.AttentionPattern.MemoryTokens;
import dev.farspan.context.method.Method;
import java.util.Arrays;
import java.util.function.IntConsumer;

/// A text read segment by segment, each behind the summaries of those before it (AutoCompressor,
/// arXiv 2305.14788, section 3).
///
/// When a segment is full and more comes, the model reads its memory tokens; their last hidden
/// states are the summary, and the segment's keys and values are given back. Segments begin at
/// multiples of their length, so the result does not depend on how the text is fed. The cache holds
/// no more than the summaries seen, one segment and its memory tokens.
///
/// Token ids are kept, four bytes each, so that going back into a past segment reads that segment
/// anew.
final class SegmentedSession implements Session {
  private static final int READ_BLOCK = 512;

  private final Decoder decoder;
  private final SessionOptions options;
  private final MemoryTokens pattern;
  private final float[] memoryTokens; // (tokens, hidden)
  private final Summaries summaries;
  private int[] fed = new int[0]; // as many as the position, then room
  private int held;
  private int segment; // index of the one in the cache
  private CachedSession inner; // its vectors, then its text

  SegmentedSession(Decoder decoder, SessionOptions options, MemoryTokens pattern) {
    this.decoder = decoder;
    this.options = options;
    this.pattern = pattern;
    this.memoryTokens = decoder.memoryTokens();
    this.summaries = new Summaries(pattern.keep());
    this.inner = open(0);
  }

  private CachedSession open(int index) {
    Method own =
        new Method(options.method().name(), options.method().policies(), pattern.inSegment(index));
    CachedSession opened =
        new CachedSession(
            decoder, new SessionOptions(own, options.promptLength(), options.cacheType()));
    opened.feedVectors(summaries.before(index));
    return opened;
  }

  @Override
  public int position() {
    return inner.position() + shift();
  }

  @Override
  public long cacheBytes() {
    return inner.cacheBytes();
  }

  @Override
  public void feed(int[] tokens, int block, LogitsSink sink, IntConsumer progress) {
    CachedSession.requireBlock(block);
    for (int at = 0; at < tokens.length; ) {
      if (position() == end(segment)) {
        compress();
      }
      int count = Math.min(end(segment) - position(), tokens.length - at);
      int[] part = Arrays.copyOfRange(tokens, at, at + count);
      remember(part);
      inner.feed(part, block, shifted(sink), p -> progress.accept(p + shift()));
      at += count;
    }
  }

  private void remember(int[] part) {
    int end = position() + part.length;
    if (end > fed.length) {
      fed = Arrays.copyOf(fed, Math.max(end, 2 * fed.length));
    }
    System.arraycopy(part, 0, fed, position(), part.length);
  }

  /// Puts a summary in the place of the segment, which is full.
  private void compress() {
    summaries.put(segment, inner.feedVectors(memoryTokens));
    summaries.keepFor(segmentOf(held), segment + 1);
    go(segment + 1);
  }

  private void go(int index) {
    inner.close();
    segment = index;
    inner = open(index);
  }

  private int start(int index) {
    return index * pattern.segment();
  }

  private int end(int index) {
    return start(index) + pattern.segment();
  }

  /// The segment whose text reaches up to a position: one that is full is not yet left.
  private int segmentOf(int at) {
    return at == 0 ? 0 : (at - 1) / pattern.segment();
  }

  /// From positions of the inner sequence to those of the text.
  private int shift() {
    return start(segment) - pattern.vectors(segment);
  }

  private LogitsSink shifted(LogitsSink sink) {
    int shift = shift();
    return new LogitsSink() {
      @Override
      public boolean wants(int inSegment) {
        return sink.wants(inSegment + shift);
      }

      @Override
      public void accept(int inSegment, float[] logits, int at) {
        sink.accept(inSegment + shift, logits, at);
      }
    };
  }

  @Override
  public boolean servesPromptOf(int promptLength) {
    return inner.servesPromptOf(promptLength);
  }

  @Override
  public int rewindable(int to) {
    CachedSession.requireSeen(to, position());
    int index = segmentOf(to);
    while (!summaries.serve(index)) {
      index--;
    }
    return Math.min(to, end(index));
  }

  private void requireKept(int to) {
    if (rewindable(to) != to) {
      throw new IllegalArgumentException(
          "method '%s' no longer holds the summaries that position %d needs; go back to %d and feed the rest again"
              .formatted(options.method().name(), to, rewindable(to)));
    }
  }

  @Override
  public void hold(int at) {
    requireKept(at);
    held = at;
    summaries.keepFor(segmentOf(held), segment);
  }

  @Override
  public void rewind(int to) {
    requireKept(to);
    held = Math.min(held, to);
    int index = segmentOf(to);
    if (index == segment && inner.rewindable(to - shift()) == to - shift()) {
      inner.rewind(to - shift());
      return;
    }
    summaries.truncate(index);
    go(index);
    int[] again = Arrays.copyOfRange(fed, start(index), to);
    inner.feed(again, READ_BLOCK, LogitsSink.NONE, _ -> {});
  }

  @Override
  public void close() {
    inner.close();
  }
}
