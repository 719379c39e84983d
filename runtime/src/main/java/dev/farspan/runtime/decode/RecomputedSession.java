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
  private int[] fed = new int[0]; // `position` tokens, then room
  private CachedSession head; // holds the first tokens, until a pass takes its place
  private boolean passed; // whether it holds the window of a pass

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
    int end = start + tokens.length;
    if (end > fed.length) {
      fed = Arrays.copyOf(fed, Math.max(end, 2 * fed.length));
    }
    System.arraycopy(tokens, 0, fed, start, tokens.length);
    if (start < size) {
      restoreHead(start);
      int count = Math.min(size - start, tokens.length);
      head.feed(Arrays.copyOf(tokens, count), block, sink, progress);
    }
    for (int i = Math.max(start, size); i < end; i++) {
      if (sink.wants(i)) {
        pass(i, Arrays.copyOfRange(fed, i + 1 - size, i + 1), sink);
      }
      progress.accept(i + 1);
    }
    position = end;
  }

  /// Makes the head hold the first `start` tokens, where a rewind has left fewer.
  private void restoreHead(int start) {
    if (head.position() != start) {
      reopen();
      head.feed(Arrays.copyOf(fed, start), PASS_BLOCK, LogitsSink.NONE, _ -> {});
    }
  }

  private void reopen() {
    head.close();
    head = new CachedSession(decoder, options);
    passed = false;
  }

  @Override
  public boolean servesPromptOf(int promptLength) {
    return head.servesPromptOf(Math.min(promptLength, size));
  }

  @Override
  public int rewindable(int to) {
    CachedSession.requireSeen(to, position);
    return to;
  }

  @Override
  public void hold(int at) {
    CachedSession.requireSeen(at, position); // every token is kept anyway
  }

  @Override
  public void rewind(int to) {
    CachedSession.requireSeen(to, position);
    if (!passed && to <= head.position() && head.rewindable(to) == to) {
      head.rewind(to);
    } else if (to < size) {
      reopen(); // its tokens are read again when more come
    }
    position = to;
  }

  /// Computes the logits of position `i` from the last `size` tokens alone.
  private void pass(int i, int[] window, LogitsSink sink) {
    reopen();
    passed = true;
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
