package dev.farspan.evaluation;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/// A model of two tokens that gives token 0 the logit `method text's length`, token 1 the logit 0,
/// and takes a second for a block of 4.
final class FakePasses implements Comparison.Passes {
  final List<String> log = new ArrayList<>();
  long nanos;

  @Override
  public int vocab() {
    return 2;
  }

  @Override
  public Session open(MethodSpec spec) {
    if (spec.text().equals("window:size=9")) {
      throw new IllegalArgumentException("no such method here");
    }
    log.add("open " + spec.text());
    return new FakeSession(spec.text());
  }

  private final class FakeSession implements Session {
    private final String method;
    private int position;

    FakeSession(String method) {
      this.method = method;
    }

    @Override
    public int position() {
      return position;
    }

    @Override
    public void feed(int[] tokens, int block, LogitsSink sink, IntConsumer progress) {
      for (int i = 0; i < tokens.length; i++) {
        if (sink.wants(position)) {
          sink.accept(position, new float[] {method.length(), 0}, 0);
        }
        position++;
        if (position % 4 == 0) {
          nanos += 1_000_000_000L;
          progress.accept(position);
        }
      }
    }

    @Override
    public int rewindable(int to) {
      return to;
    }

    @Override
    public void hold(int at) {}

    @Override
    public void rewind(int to) {
      position = to;
    }

    @Override
    public boolean servesPromptOf(int promptLength) {
      return true;
    }

    @Override
    public long cacheBytes() {
      return 0;
    }

    @Override
    public void close() {
      log.add("close " + method);
    }
  }
}
