package dev.farspan.runtime.decode;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.method.Method;
import java.util.Arrays;
import java.util.function.IntConsumer;

/// Sliding window with recomputation: each logit comes from a fresh pass over the last tokens.
///
/// The first `size` tokens need no second pass: theirs sees them all. Beyond, every wanted position
/// costs a pass over `size` tokens, which is what makes this the slow baseline of StreamingLLM
/// (arXiv 2309.17453 figure 1c).
final class RecomputedSession implements Session {
  private static final int PASS_BLOCK = 512;

  private final Decoder decoder;
  private final SessionOptions options;
  private final int size;
  private int position;
  private int[] recent = new int[0]; // the last `size` tokens at most
  private CachedSession head;

  RecomputedSession(Decoder decoder, SessionOptions options, int size) {
    this.decoder = decoder;
    this.size = size;
    Method full =
        new Method(
            options.method().name(), options.method().policies(), new AttentionPattern.Full());
    this.options =
        new SessionOptions(full, Math.min(options.promptLength(), size), options.cacheType());
    this.head = new CachedSession(decoder, this.options);
  }

  @Override
  public int position() {
    return position;
  }

  @Override
  public long cacheBytes() {
    return head.cacheBytes();
  }

  @Override
  public void feed(int[] tokens, int block, LogitsSink sink, IntConsumer progress) {
    CachedSession.requireBlock(block);
    int start = position;
    int[] seen = Arrays.copyOf(recent, recent.length + tokens.length);
    System.arraycopy(tokens, 0, seen, recent.length, tokens.length);
    if (start < size) {
      int count = Math.min(size - start, tokens.length);
      head.feed(Arrays.copyOf(tokens, count), block, sink, progress);
    }
    for (int i = Math.max(start, size); i < start + tokens.length; i++) {
      if (sink.wants(i)) {
        int end = recent.length + i + 1 - start;
        pass(i, Arrays.copyOfRange(seen, end - size, end), sink);
      }
      progress.accept(i + 1);
    }
    position = start + tokens.length;
    recent = Arrays.copyOfRange(seen, Math.max(0, seen.length - size), seen.length);
  }

  /// Computes the logits of position `i` from the last `size` tokens alone.
  private void pass(int i, int[] window, LogitsSink sink) {
    head.close();
    head = new CachedSession(decoder, options);
    head.feed(window, PASS_BLOCK, new LastRow(size - 1, i, sink), _ -> {});
  }

  /// Passes on the logits of a window's last token under its position in the sequence.
  private record LastRow(int last, int position, LogitsSink sink) implements LogitsSink {
    @Override
    public boolean wants(int inWindow) {
      return inWindow == last;
    }

    @Override
    public void accept(int inWindow, float[] logits, int at) {
      sink.accept(position, logits, at);
    }
  }

  @Override
  public void close() {
    head.close();
  }
}
