package dev.farspan.runtime.decode;

import dev.farspan.context.model.TrainedMemory.Landmarks;
import java.util.function.IntConsumer;

/// A text read with landmarks: one is put after every full block, where the text never shows it.
///
/// Positions, counts and logits are those of the text. A landmark is read together with the last
/// token of its block, and what the model expects after that token is what it expects at the
/// landmark, as it was trained (arXiv 2305.16300, section 3.1).
final class LandmarkSession implements Session {
  private final Landmarks landmarks;
  private final CachedSession read; // its positions count landmarks

  LandmarkSession(Decoder decoder, SessionOptions options) {
    if (!(decoder.config().memory() instanceof Landmarks own)) {
      throw new IllegalArgumentException(
          "method '%s' needs a model trained with landmarks".formatted(options.method().name()));
    }
    if (decoder.config().attention().sinks()) {
      throw new IllegalArgumentException(
          "method '%s' cannot run a model with learned attention sinks"
              .formatted(options.method().name()));
    }
    this.landmarks = own;
    this.read =
        new CachedSession(
            decoder,
            new SessionOptions(
                options.method(), own.read(options.promptLength()), options.cacheType()));
  }

  @Override
  public int position() {
    return landmarks.text(read.position());
  }

  @Override
  public long cacheBytes() {
    return read.cacheBytes();
  }

  @Override
  public void feed(int[] tokens, int block, LogitsSink sink, IntConsumer progress) {
    int[] all = withLandmarks(tokens);
    read.feed(all, block, new OfText(sink), at -> progress.accept(landmarks.text(at)));
  }

  private int[] withLandmarks(int[] tokens) {
    int from = read.position();
    int[] all = new int[landmarks.read(position() + tokens.length) - from];
    int next = 0;
    for (int k = 0; k < all.length; k++) {
      if (isLandmark(from + k)) {
        all[k] = landmarks.token();
      } else {
        all[k] = requireText(tokens[next++]);
      }
    }
    return all;
  }

  private int requireText(int token) {
    if (token == landmarks.token()) {
      throw new IllegalArgumentException(
          "token id " + token + " is the model's landmark, which no text has; leave it out");
    }
    return token;
  }

  private boolean isLandmark(int position) {
    return position % (landmarks.block() + 1) == landmarks.block();
  }

  @Override
  public boolean servesPromptOf(int promptLength) {
    return read.servesPromptOf(landmarks.read(promptLength));
  }

  @Override
  public int rewindable(int to) {
    CachedSession.requireSeen(to, position());
    int kept = to;
    while (true) {
      int possible = read.rewindable(landmarks.read(kept));
      if (possible == landmarks.read(kept)) {
        return kept;
      }
      int text = landmarks.text(possible);
      kept = landmarks.read(text) <= possible ? text : text - 1; // a block keeps its landmark
    }
  }

  @Override
  public void hold(int at) {
    read.hold(landmarks.read(at));
  }

  @Override
  public void rewind(int to) {
    CachedSession.requireSeen(to, position());
    read.rewind(landmarks.read(to));
  }

  @Override
  public void close() {
    read.close();
  }

  /// Hands on the logits of the last thing that was read for each token of the text.
  private final class OfText implements LogitsSink {
    private final LogitsSink sink;

    private OfText(LogitsSink sink) {
      this.sink = sink;
    }

    @Override
    public boolean wants(int position) {
      return !isLandmark(position + 1) && sink.wants(token(position));
    }

    @Override
    public void accept(int position, float[] logits, int at) {
      sink.accept(token(position), logits, at);
    }

    /// Position in the text of the token at a position, or of that before the landmark there.
    private int token(int position) {
      return landmarks.text(position + 1) - 1;
    }
  }
}
