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
  private int[] history = new int[0];
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
    return history.length;
  }

  @Override
  public long cacheBytes() {
    return head.cacheBytes();
  }

  @Override
  public void feed(int[] tokens, int block, LogitsSink sink, IntConsumer progress) {
    int start = history.length;
    history = Arrays.copyOf(history, start + tokens.length);
    System.arraycopy(tokens, 0, history, start, tokens.length);
    if (start < size) {
      int end = Math.min(size, history.length);
      head.feed(Arrays.copyOfRange(history, start, end), block, sink, progress);
    }
    for (int i = Math.max(start, size); i < history.length; i++) {
      if (sink.wants(i)) {
        pass(i, sink);
      }
      progress.accept(i + 1);
    }
  }

  /// Computes the logits of position `i` from the last `size` tokens alone.
  private void pass(int i, LogitsSink sink) {
    head.close();
    head = new CachedSession(decoder, options);
    int[] window = Arrays.copyOfRange(history, i - size + 1, i + 1);
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
