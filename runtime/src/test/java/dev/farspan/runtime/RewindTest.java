package dev.farspan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A session that went back computes, bit for bit, what one computes that never went ahead.
class RewindTest {
  private static final int TILE = 64; // positions of a page

  /// The golden methods, and small ones whose dropping, grouping and retrieval happen many times.
  static List<String> methods() {
    return Stream.concat(
            GoldenData.methods().stream().map(GoldenData.Case::method),
            Stream.of(
                "infllm:sinks=2,local=9,block=5,topk=3,representatives=2",
                "dynamic-yarn:stages=exact",
                "dynamic-ntk+streaming:sinks=70,window=20",
                "longrope:short=1:1:1:1:1:1:1:1,long=1:1:2:2:3:4:8:9",
                "window:size=1"))
        .distinct()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void goingBackLeavesNoTrace(String method) {
    for (String type : new String[] {"f32", "q8_0"}) {
      goesBackManyTimes(method, CacheType.parse(type));
    }
  }

  private static void goesBackManyTimes(String method, CacheType type) {
    GoldenData.Case golden = GoldenData.methods().getFirst();
    int[] ids = Arrays.copyOf(golden.ids(), 330);
    Random random = new Random(7);
    Arrays.setAll(ids, i -> i < golden.ids().length ? ids[i] : random.nextInt(golden.ids()[0] + 1));
    try (Runs runs = Runs.fast(golden.model());
        Session session = runs.session(method, ids.length, type)) {
      int vocab = runs.decoder().config().vocabSize();
      int[] tokens = {};
      for (int round = 0; round < 8; round++) {
        int kept = session.rewindable(random.nextInt(tokens.length + 1));
        session.rewind(kept);
        assertThat(session.position()).isEqualTo(kept);
        tokens = continued(tokens, kept, ids, random);
        float[] logits = new float[tokens.length * vocab];
        int block = 2 + random.nextInt(90);
        session.feed(tail(tokens, kept), block, some(vocab, logits), _ -> {});
        assertThat(tail(logits, kept * vocab))
            .as("%s cache, back to %d of %d, blocks of %d", type, kept, tokens.length, block)
            .isEqualTo(tail(fresh(runs, method, ids.length, type, tokens), kept * vocab));
      }
    }
  }

  /// The first `kept` tokens and others after them, up to any length.
  private static int[] continued(int[] tokens, int kept, int[] ids, Random random) {
    int length = kept + 1 + random.nextInt(ids.length - kept);
    int[] next = Arrays.copyOf(tokens, length);
    int shift = random.nextInt(ids.length);
    for (int i = kept; i < length; i++) {
      next[i] = ids[(i + shift) % ids.length];
    }
    return next;
  }

  private static float[] fresh(
      Runs runs, String method, int promptLength, CacheType type, int[] tokens) {
    int vocab = runs.decoder().config().vocabSize();
    float[] all = new float[tokens.length * vocab];
    try (Session session = runs.session(method, promptLength, type)) {
      session.feed(tokens, 64, some(vocab, all), _ -> {});
    }
    return all;
  }

  /// Every 17th position: a method that recomputes pays a pass for each.
  private static LogitsSink some(int vocab, float[] all) {
    LogitsSink every = Runs.every(vocab, all);
    return new LogitsSink() {
      @Override
      public boolean wants(int position) {
        return position % 17 == 0;
      }

      @Override
      public void accept(int position, float[] logits, int at) {
        every.accept(position, logits, at);
      }
    };
  }

  private static int[] tail(int[] x, int from) {
    return Arrays.copyOfRange(x, from, x.length);
  }

  private static float[] tail(float[] x, int from) {
    return Arrays.copyOfRange(x, from, x.length);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aHeldPositionCanBeGoneBackToUnderEveryMethod(String method) {
    for (String type : new String[] {"f32", "q4_0/q8_0"}) {
      GoldenData.Case golden = GoldenData.methods().getFirst();
      int[] prompt = Arrays.copyOf(golden.ids(), 110);
      int[] answer = Arrays.copyOfRange(golden.ids(), 110, 190);
      try (Runs runs = Runs.fast(golden.model());
          Session session = runs.session(method, 200, CacheType.parse(type))) {
        session.feed(prompt, 64, LogitsSink.NONE, _ -> {});
        session.hold(110);
        List<float[]> first = decode(session, answer);
        assertThat(session.rewindable(110)).isEqualTo(110);
        session.rewind(110);
        assertThat(decode(session, answer)).containsExactlyElementsOf(first);
        session.rewind(110);
        assertThat(decode(session, answer)).containsExactlyElementsOf(first);
      }
    }
  }

  @Test
  void whatIsHeldNoLongerIsGivenBack() {
    GoldenData.Case golden = GoldenData.methods().getFirst();
    int[] ids = golden.ids();
    try (Runs runs = Runs.fast(golden.model());
        Session plain = runs.session("window:size=9", 200, CacheType.parse("q8_0"));
        Session session = runs.session("window:size=9", 200, CacheType.parse("q8_0"))) {
      for (int round = 0; round < 40; round++) {
        plain.feed(ids, 64, LogitsSink.NONE, _ -> {});
        session.feed(ids, 64, LogitsSink.NONE, _ -> {});
        session.hold(session.position());
      }
      // one page of each kind and layer more than without holding, and what 200 tokens add to it
      assertThat(session.cacheBytes()).isBetween(plain.cacheBytes(), 4 * plain.cacheBytes());
    }
  }

  private static List<float[]> decode(Session session, int[] answer) {
    List<float[]> logits = new ArrayList<>();
    LogitsSink keep =
        new LogitsSink() {
          @Override
          public boolean wants(int position) {
            return true;
          }

          @Override
          public void accept(int position, float[] row, int at) {
            logits.add(Arrays.copyOfRange(row, at, at + 8));
          }
        };
    session.feed(answer, 1, keep, _ -> {});
    return logits;
  }

  @Test
  void aBoundedPatternRefusesWhatItHasDropped() {
    GoldenData.Case golden = GoldenData.methods().getFirst();
    try (Runs runs = Runs.fast(golden.model());
        Session session = runs.session("streaming:sinks=4,window=20", 200, CacheType.F32)) {
      session.feed(Arrays.copyOf(golden.ids(), 200), 64, LogitsSink.NONE, _ -> {});
      // the last 20 keys before 200 begin on the page of 128; those before 148 do too
      assertThat(session.rewindable(150)).isEqualTo(150);
      assertThat(session.rewindable(147)).isEqualTo(147);
      assertThat(session.rewindable(146)).isEqualTo(TILE); // the page of the sinks is whole
      assertThatThrownBy(() -> session.rewind(146))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the cache of method 'streaming:sinks=4,window=20' no longer holds what position 146 needs;"
                  + " go back to 64 and feed the rest again");
      assertThat(session.position()).isEqualTo(200);
    }
  }

  @Test
  void aCompletePageOfAQuantisedCacheIsGoneBackToAtItsStart() {
    GoldenData.Case golden = GoldenData.methods().getFirst();
    try (Runs runs = Runs.fast(golden.model());
        Session session = runs.session("none", 200, CacheType.parse("q8_0"))) {
      session.feed(Arrays.copyOf(golden.ids(), 150), 64, LogitsSink.NONE, _ -> {});
      assertThat(session.rewindable(149)).isEqualTo(149);
      assertThat(session.rewindable(127)).isEqualTo(TILE);
      assertThat(session.rewindable(128)).isEqualTo(128);
    }
  }

  @Test
  void aPositionOutsideTheSequenceIsRefused() {
    GoldenData.Case golden = GoldenData.methods().getFirst();
    try (Runs runs = Runs.fast(golden.model())) {
      for (String method : new String[] {"none", "window-recompute:size=9"}) {
        try (Session session = runs.session(method, 200, CacheType.F32)) {
          session.feed(Arrays.copyOf(golden.ids(), 15), 64, LogitsSink.NONE, _ -> {});
          assertThatThrownBy(() -> session.rewind(16))
              .hasMessage("a sequence of 15 tokens can't go back to position 16");
          assertThatThrownBy(() -> session.rewindable(-1))
              .hasMessage("a sequence of 15 tokens can't go back to position -1");
        }
      }
    }
  }

  @Test
  void onlyMethodsThatComputePromptsWholeCareForItsLength() {
    GoldenData.Case golden = GoldenData.methods().getFirst();
    try (Runs runs = Runs.fast(golden.model());
        Session whole = runs.session("dynamic-yarn:whole=true", 100, CacheType.F32);
        Session progressive = runs.session("dynamic-yarn", 100, CacheType.F32)) {
      assertThat(progressive.servesPromptOf(200)).isTrue();
      assertThat(whole.servesPromptOf(104))
          .isTrue(); // stages of 8 beyond 64: 104 closes that of 100
      assertThat(whole.servesPromptOf(105)).isFalse();
    }
  }
}
