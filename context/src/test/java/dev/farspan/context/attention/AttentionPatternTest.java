package dev.farspan.context.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every pattern against a transcription of `method_oracle.py`, for all pairs of indices.
class AttentionPatternTest {
  private static final int N = 90;

  /// Positions are exact in doubles but for the division of leaky-rerope, done in another order.
  private static final Offset<Double> TOLERANCE = Offset.offset(1e-9);

  /// The oracle: relative position and visibility of key `j` from query `i`.
  private interface Oracle {
    double rel(int i, int j);

    boolean visible(int i, int j);
  }

  private record Case(AttentionPattern pattern, Oracle oracle) {
    @Override
    public String toString() {
      return pattern.toString();
    }
  }

  private interface Rel {
    double of(int i, int j);
  }

  private static Oracle causal(Rel rel) {
    return seen(rel, (_, _) -> true);
  }

  private interface Seen {
    boolean of(int i, int j);
  }

  private static Oracle seen(Rel rel, Seen seen) {
    return new Oracle() {
      @Override
      public double rel(int i, int j) {
        return rel.of(i, j);
      }

      @Override
      public boolean visible(int i, int j) {
        return j <= i && seen.of(i, j);
      }
    };
  }

  private static Case window(int w) {
    return new Case(new AttentionPattern.Window(w), seen((i, j) -> i - j, (i, j) -> i - j < w));
  }

  private static Case streaming(int sinks, int r) {
    return new Case(
        new AttentionPattern.Streaming(sinks, r),
        seen(
            (i, j) -> i - j < r ? i - j : Math.min(i, sinks + r - 1) - j,
            (i, j) -> j < sinks || i - j < r));
  }

  private static Case selfExtend(int g, int w) {
    return new Case(
        new AttentionPattern.SelfExtend(g, w),
        causal((i, j) -> i - j < w ? i - j : (i / g + w - w / g) - j / g));
  }

  private static Case reRope(int w) {
    return new Case(new AttentionPattern.ReRope(w, false), causal((i, j) -> i - j < w ? i - j : w));
  }

  private static Case leaky(int w, double k) {
    return new Case(
        new AttentionPattern.LeakyReRope(w, k),
        causal((i, j) -> i - j < w ? i - j : w + (i - j - w) / k));
  }

  private static Case lmInfinite(int g, int r) {
    return new Case(
        new AttentionPattern.LmInfinite(g, r),
        seen((i, j) -> Math.min(i - j, r), (i, j) -> j < g || i - j < r));
  }

  private static Case dualChunk(int chunk, int local) {
    int s = chunk - local;
    return new Case(
        new AttentionPattern.DualChunk(chunk, local),
        causal(
            (i, j) -> {
              int a = i / s;
              int b = j / s;
              int q = a == b ? i % s : a == b + 1 ? Math.min(i % s + s, chunk) : chunk;
              return q - j % s;
            }));
  }

  private static Case memoryTokens(int segment) {
    return new Case(
        new AttentionPattern.MemoryTokens(3, segment, 2),
        seen((i, j) -> i - j, (i, j) -> i / segment == j / segment));
  }

  /// Vectors without a place: all at 0, the text from 0 on.
  private static Case softPrompt(int vectors) {
    return new Case(
        new AttentionPattern.SoftPrompt(vectors, N),
        causal((i, j) -> (i < vectors ? 0 : i - vectors) - (j < vectors ? 0 : j - vectors)));
  }

  static List<Case> cases() {
    return List.of(
        new Case(new AttentionPattern.Full(), causal((i, j) -> i - j)),
        new Case(new AttentionPattern.WindowRecompute(7), causal((i, j) -> i - j)),
        window(1),
        window(32),
        window(N + 5),
        streaming(4, 28),
        streaming(1, 16),
        streaming(0, 9),
        streaming(5, 1),
        streaming(7, N + 5),
        selfExtend(4, 16),
        selfExtend(8, 32),
        selfExtend(3, 7), // the group does not divide the window
        selfExtend(16, 5), // nor is it smaller
        selfExtend(1, 9),
        selfExtend(4, N + 5),
        reRope(24),
        reRope(1),
        reRope(N + 5),
        leaky(24, 8),
        leaky(5, 2.5),
        leaky(1, 1),
        lmInfinite(4, 40),
        lmInfinite(0, 3),
        lmInfinite(9, 2),
        dualChunk(48, 8),
        dualChunk(5, 4), // chunks of one position
        dualChunk(7, 4),
        dualChunk(9, 8),
        dualChunk(N + 9, 3),
        memoryTokens(16),
        memoryTokens(1),
        memoryTokens(N + 5),
        softPrompt(0),
        softPrompt(21));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyKeyIsSeenThroughExactlyTheBranchOfItsRelativePosition(Case c) {
    List<Branch> branches = c.pattern().branches();
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        int query = i;
        int key = j;
        List<Branch> seeing = branches.stream().filter(b -> b.sees(query, key)).toList();
        assertThat(seeing).as("i=%d j=%d", i, j).hasSize(c.oracle().visible(i, j) ? 1 : 0);
        if (!seeing.isEmpty()) {
          assertThat(seeing.getFirst().distance(i, j))
              .as("i=%d j=%d", i, j)
              .isCloseTo(c.oracle().rel(i, j), TOLERANCE);
        }
      }
    }
  }

  static Stream<AttentionPattern> patterns() {
    return Stream.concat(
        cases().stream().map(Case::pattern),
        Stream.of(
            new AttentionPattern.InfLlm(4, 16, 8, 2, 2),
            new AttentionPattern.InfLlm(0, 5, 7, 1, 1),
            new AttentionPattern.Landmark(4, 2, 1, 64)));
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void noKeyThatALaterQuerySeesIsDropped(AttentionPattern pattern) {
    List<Branch> branches = pattern.branches();
    for (int next = 0; next < N; next++) {
      Retained retained = pattern.retained(next);
      for (int j = 0; j < next; j++) {
        for (int i = next; i < N; i++) {
          int query = i;
          int key = j;
          if (branches.stream().anyMatch(b -> b.sees(query, key))) {
            assertThat(retained.keeps(j)).as("next=%d i=%d j=%d", next, i, j).isTrue();
          }
        }
      }
    }
  }

  /// The other half of the sentence: what the next query does not see any more is dropped.
  @ParameterizedTest
  @MethodSource("bounded")
  void aBoundedPatternKeepsNoKeyThatTheNextQueryDoesNotSee(AttentionPattern pattern) {
    for (int next = 0; next < N; next++) {
      for (int j = 0; j < next; j++) {
        int query = next;
        int key = j;
        assertThat(pattern.retained(next).keeps(j))
            .as("next=%d j=%d", next, j)
            .isEqualTo(pattern.branches().stream().anyMatch(b -> b.sees(query, key)));
      }
    }
  }

  static Stream<AttentionPattern> bounded() {
    return Stream.of(
        new AttentionPattern.Window(13),
        new AttentionPattern.Streaming(4, 9),
        new AttentionPattern.Streaming(0, 9),
        new AttentionPattern.LmInfinite(3, 11),
        new AttentionPattern.MemoryTokens(4, 7, 2));
  }

  @Test
  void aQueryPaysForTheSummariesItSees() {
    AttentionPattern.MemoryTokens memory = new AttentionPattern.MemoryTokens(3, 10, 2);
    assertThat(memory.seen(9)).isEqualTo(10);
    assertThat(memory.seen(10)).isEqualTo(1 + 3);
    assertThat(memory.seen(49)).isEqualTo(10 + 2 * 3);
    assertThat(memory.inSegment(4)).isEqualTo(new AttentionPattern.SoftPrompt(6, 13));
  }

  /// InfLLM (arXiv 2402.04617): local keys at true distances, all others at distance `local`.
  @ParameterizedTest
  @MethodSource("infLlm")
  void infLlmCoversEveryEarlierKeyOnceAndChoosesAmongWholeBlocksOnly(AttentionPattern.InfLlm p) {
    List<Branch> branches = p.branches();
    for (int i = 0; i < N; i++) {
      for (int j = 0; j <= i; j++) {
        int query = i;
        int key = j;
        List<Branch> seeing = branches.stream().filter(b -> b.sees(query, key)).toList();
        assertThat(seeing).as("i=%d j=%d", i, j).hasSize(1);
        assertThat(seeing.getFirst().distance(i, j))
            .isEqualTo(i - j < p.local() ? i - j : p.local());
      }
      Branch chosen = branches.stream().filter(Branch::chosen).findFirst().orElseThrow();
      int held = Math.max(0, chosen.to().applyAsInt(i) - chosen.from().applyAsInt(i));
      assertThat(held % p.block()).isZero();
    }
  }

  static Stream<AttentionPattern.InfLlm> infLlm() {
    return Stream.of(
        new AttentionPattern.InfLlm(4, 16, 8, 2, 2), new AttentionPattern.InfLlm(0, 5, 7, 1, 1));
  }

  /// Landmark attention (arXiv 2305.16300): true distances up to the last `topk` old blocks, those
  /// of the block before them for all that are older.
  @ParameterizedTest
  @MethodSource("landmarks")
  void landmarksCoverEveryEarlierKeyOnceAtDistancesBelowTheSpan(AttentionPattern.Landmark p) {
    for (int i = 0; i < N; i++) {
      for (int j = 0; j <= i; j++) {
        int query = i;
        int key = j;
        List<Branch> seeing = p.branches().stream().filter(b -> b.sees(query, key)).toList();
        assertThat(seeing).as("i=%d j=%d", i, j).hasSize(1);
        int apart = i / p.width() - j / p.width();
        int counted = Math.min(apart, p.local() + p.topk() + 1);
        int distance = counted * p.width() + i % p.width() - j % p.width();
        assertThat(seeing.getFirst().distance(i, j)).isEqualTo(distance).isLessThan(p.span());
        assertThat(p.distance(i, j)).isEqualTo(distance);
        assertThat(seeing.getFirst().chosen()).isEqualTo(apart > p.local());
      }
    }
  }

  static Stream<AttentionPattern.Landmark> landmarks() {
    int all = AttentionPattern.Landmark.UNLIMITED;
    return Stream.of(
        new AttentionPattern.Landmark(4, 2, 1, all),
        new AttentionPattern.Landmark(1, 3, 0, all),
        new AttentionPattern.Landmark(7, 0, 2, all),
        new AttentionPattern.Landmark(5, 0, 0, all));
  }

  @Test
  void memoryCountsTextAndItsLandmarks() {
    AttentionPattern.Landmark p = new AttentionPattern.Landmark(4, 2, 1, 8);
    assertThat(p.inMemory(10)).isZero();
    assertThat(p.inMemory(35)).isEqualTo(25);
    assertThat(p.of(4).inMemory(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE - 10);
    assertThat(
            new AttentionPattern.Landmark(4, 2, 1, AttentionPattern.Landmark.UNLIMITED)
                .inMemory(Integer.MAX_VALUE))
        .isZero();
  }
}
