package dev.farspan.context.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.attention.Branch;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.Multipliers;
import dev.farspan.context.model.NormConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.model.TrainedMemory;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodReachTest {
  private static final int TRAINED = 64;

  private static ModelConfig model(FrequencyPolicy scaling, int maxLength, int... windows) {
    return new ModelConfig(
        "llama",
        100,
        32,
        maxLength,
        new AttentionConfig(2, 1, 16, 0.25, 0, AttentionConfig.QkNorm.NONE, false),
        new FeedForward.Dense(64, FeedForward.Activation.SILU, true),
        new NormConfig(NormConfig.Kind.RMS, NormConfig.Placement.PRE, 1e-5),
        Multipliers.NONE,
        List.of(
            new RopeConfig(
                "all", new RopeBase(16, 10_000, TRAINED), scaling, RopeConfig.Pairing.HALVES)),
        java.util.Arrays.stream(windows).mapToObj(w -> new LayerConfig(w, 0)).toList(),
        true,
        TrainedMemory.NONE);
  }

  private static ModelConfig plain() {
    return model(new FrequencyPolicy.None(), TRAINED, 0, 0);
  }

  private static Method resolve(String method, ModelConfig model, int length) {
    return Method.resolve(MethodSpec.parse(method), model, length);
  }

  /// The longest sequence, up to 2000, in which no query sees a key at the trained length or
  /// beyond.
  private static int longest(Method method) {
    for (int i = 0; i < 2000; i++) {
      for (Branch branch : method.pattern().branches()) {
        for (int j = 0; j <= i; j++) {
          if (branch.sees(i, j) && branch.distance(i, j) >= TRAINED) {
            return i;
          }
        }
      }
    }
    return MethodReach.UNBOUNDED;
  }

  /// 1e300 times the trained length is more than a long counts, and was a negative reach.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "linear:factor=1e300+self-extend:group=4,window=16",
        "none+leaky-rerope:window=24,k=1e300"
      })
  void aReachBeyondEveryLengthIsUnbounded(String text) {
    assertThat(MethodReach.of(resolve(text, plain(), 1), plain())).isEqualTo(MethodReach.UNBOUNDED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none", "self-extend:group=4,window=16", "self-extend:group=8,window=20",
        "self-extend:group=3,window=7", "leaky-rerope:window=24,k=8", "streaming:sinks=4,window=60",
        "window:size=64", "lm-infinite:sinks=4,window=63", "rerope:window=63",
        "dual-chunk:chunk=63,local=8"
      })
  void aPatternReachesAsFarAsItsDistancesStayTrained(String text) {
    Method method = resolve(text, plain(), 1);
    assertThat(MethodReach.of(method, plain())).isEqualTo(longest(method));
  }

  @ParameterizedTest
  @CsvSource({
    "none, 64",
    "linear:factor=4, 256",
    "ntk:factor=2, 128",
    "'yarn:factor=2,original=32', 64",
    "llama3:factor=8, 512",
    "'yarn:factor=4+self-extend:group=4,window=16', 976",
    "streaming:window=100, 64",
    "rerope:window=65, 64"
  })
  void aPolicyReachesItsFactorTimesTheTrainedLength(String text, int reach) {
    assertThat(MethodReach.of(resolve(text, plain(), 1), plain())).isEqualTo(reach);
  }

  @Test
  void aScalingOfTheFileReachesWhatTheFileClaims() {
    ModelConfig scaled = model(new FrequencyPolicy.Linear(3), 150, 0);
    assertThat(MethodReach.of(resolve("file", scaled, 1), scaled)).isEqualTo(150);
  }

  @Test
  void autoScalesUpToFourTrainedLengthsAndStreamsBeyond() {
    assertThat(resolve("auto", plain(), 10).name()).isEqualTo("dynamic-yarn");
    assertThat(resolve("auto", plain(), 4 * TRAINED).name()).isEqualTo("dynamic-yarn");
    assertThat(resolve("auto", plain(), 4 * TRAINED + 1).name())
        .isEqualTo("none+streaming:sinks=4,window=60");
  }

  @Test
  void autoKeepsTheScalingOfTheFileAsFarAsItClaims() {
    ModelConfig scaled = model(new FrequencyPolicy.Linear(3), 150, 0);
    assertThat(resolve("auto", scaled, 150).name()).isEqualTo("file");
    assertThat(resolve("auto", scaled, 151).name()).isEqualTo("streaming:sinks=4,window=146");
  }

  @Test
  void aModelWhoseEveryLayerSlidesIsNotBoundedAndRefusesPatterns() {
    ModelConfig sliding = model(new FrequencyPolicy.None(), TRAINED, 24, 24);
    assertThat(resolve("auto", sliding, 5000).name()).isEqualTo("file");
    assertThat(MethodReach.of(resolve("file", sliding, 1), sliding))
        .isEqualTo(MethodReach.UNBOUNDED);
    assertThatThrownBy(() -> resolve("rerope:window=8", sliding, 1))
        .hasMessageContaining("would change nothing");
  }

  /// L = 64 holds ten blocks of five and their landmarks, and 53 tokens of text in full.
  @Test
  void aModelWithLandmarksReadsByThemAsFarAsDistancesStayTrained() {
    ModelConfig model = plain().with(new TrainedMemory.Landmarks(5, 100));
    Method method = resolve("landmark:topk=6,local=2", model, 1);
    assertThat(method.pattern())
        .isEqualTo(new AttentionPattern.Landmark(5, 6, 2, AttentionPattern.Landmark.UNLIMITED));
    assertThat(MethodReach.of(method, model)).isEqualTo(MethodReach.UNBOUNDED);
    assertThat(MethodReach.of(resolve("landmark:topk=6,local=3", model, 1), model)).isEqualTo(54);
    assertThat(resolve("auto", model, 5000).name()).isEqualTo("landmark:topk=2,local=1");
    ModelConfig longBlocks = plain().with(new TrainedMemory.Landmarks(15, 100));
    assertThat(resolve("auto", longBlocks, 5000).name()).isEqualTo("landmark:topk=1,local=1");
    assertThatThrownBy(() -> resolve("landmark", plain(), 1))
        .hasMessageContaining("needs a model trained with landmarks");
  }
}
