package dev.farspan.context.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.attention.Branch;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.context.rope.RopeTables;
import dev.farspan.context.rope.Stages;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Where a method must equal the base model, bit for bit.
class MethodIdentitiesTest {
  @Provide
  Arbitrary<RopeBase> bases() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 128),
            Arbitraries.doubles().between(100, 1e7),
            Arbitraries.integers().between(1, 200_000))
        .as((pairs, theta, length) -> new RopeBase(2 * pairs, theta, length));
  }

  @Property(seed = "1")
  void factorOneIsTheBase(
      @ForAll("bases") RopeBase base, @ForAll @IntRange(min = 1, max = 1_000_000) int length) {
    for (FrequencyPolicy policy :
        List.of(
            new FrequencyPolicy.Linear(1),
            new FrequencyPolicy.Ntk(1),
            new FrequencyPolicy.BaseChange(base.theta()),
            new FrequencyPolicy.Yarn(1, 0, YarnRamp.DEFAULT, new YarnTemperature.FromFactor()),
            new FrequencyPolicy.Llama3(1, 1, 4, 0),
            new FrequencyPolicy.NtkByParts(1, 1, 32))) {
      assertThat(RopeTables.of(policy, base, length)).as("%s", policy).isEqualTo(none(base));
    }
  }

  @Property(seed = "3")
  void aDynamicMethodWithinTheTrainedLengthIsTheBase(
      @ForAll("bases") RopeBase base,
      @ForAll @IntRange(min = 1, max = 8) int factor,
      @ForAll @IntRange(min = 0, max = 100) int percent) {
    int length = Math.max(1, (int) ((long) base.trainedLength() * percent / 100));
    for (FrequencyPolicy policy :
        List.of(
            new FrequencyPolicy.DynamicLinear(factor, Stages.PROGRESSIVE),
            new FrequencyPolicy.DynamicNtk(factor, Stages.WHOLE_EXACT),
            new FrequencyPolicy.DynamicYarn(factor, Stages.PROGRESSIVE))) {
      assertThat(RopeTables.of(policy, base, length)).isEqualTo(none(base));
    }
  }

  @Property(seed = "4")
  void yarnLeavesFastPairsAloneBitForBit(
      @ForAll("bases") RopeBase base, @ForAll @IntRange(min = 2, max = 64) int factor) {
    var yarn =
        RopeTables.of(
            new FrequencyPolicy.Yarn(factor, 0, YarnRamp.DEFAULT, new YarnTemperature.FromFactor()),
            base,
            1);
    float[] trained = none(base).inverseFrequencies();
    for (int i = 0; i < trained.length; i++) {
      // The ramp begins at the pair that turns 32 times, rounded down.
      double turns = base.trainedLength() * trained[i] / (2 * Math.PI);
      boolean fast = turns > 32 * Math.pow(base.theta(), 2.0 / base.rotaryDim());
      if (fast) {
        assertThat(yarn.inverseFrequency(i)).isEqualTo(trained[i]);
      }
    }
  }

  @Property(tries = 200, seed = "5")
  void streamingWithinItsCacheIsFullAttention(
      @ForAll @IntRange(min = 0, max = 20) int sinks,
      @ForAll @IntRange(min = 1, max = 40) int window) {
    assertFull(new AttentionPattern.Streaming(sinks, window), sinks + window);
  }

  @Property(tries = 200, seed = "6")
  void selfExtendWithGroupsOfOneIsFullAttention(@ForAll @IntRange(min = 1, max = 40) int window) {
    assertFull(new AttentionPattern.SelfExtend(1, window), 3 * window);
  }

  @Property(tries = 200, seed = "7")
  void selfExtendWithinItsWindowIsFullAttention(
      @ForAll @IntRange(min = 1, max = 20) int group,
      @ForAll @IntRange(min = 1, max = 60) int window) {
    assertFull(new AttentionPattern.SelfExtend(group, window), window);
  }

  @Property(tries = 200, seed = "8")
  void reRopeWithinItsWindowIsFullAttention(
      @ForAll @IntRange(min = 1, max = 60) int window, @ForAll @IntRange(min = 1, max = 16) int k) {
    assertFull(new AttentionPattern.ReRope(window, false), window);
    assertFull(new AttentionPattern.LeakyReRope(window, k), window);
    assertFull(new AttentionPattern.LeakyReRope(window, 1), 2 * window);
  }

  @Property(tries = 200, seed = "9")
  void dualChunkWithinOneChunkIsFullAttention(
      @ForAll @IntRange(min = 1, max = 40) int local,
      @ForAll @IntRange(min = 1, max = 40) int stride) {
    assertFull(new AttentionPattern.DualChunk(local + stride, local), stride);
  }

  @Property(tries = 200, seed = "10")
  void lmInfiniteWithinItsWindowIsFullAttention(
      @ForAll @IntRange(min = 0, max = 20) int sinks,
      @ForAll @IntRange(min = 1, max = 60) int window) {
    assertFull(new AttentionPattern.LmInfinite(sinks, window), window);
  }

  private static RopeTable none(RopeBase base) {
    return RopeTables.of(new FrequencyPolicy.None(), base, 1);
  }

  private static void assertFull(AttentionPattern pattern, int tokens) {
    for (int i = 0; i < tokens; i++) {
      for (int j = 0; j <= i; j++) {
        int query = i;
        int key = j;
        List<Branch> seeing = pattern.branches().stream().filter(b -> b.sees(query, key)).toList();
        assertThat(seeing).as("%s i=%d j=%d", pattern, i, j).hasSize(1);
        assertThat(seeing.getFirst().distance(i, j)).isEqualTo(i - j);
      }
    }
  }
}
