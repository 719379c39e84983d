package dev.farspan.context.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.attention.AttentionPattern.MemoryTokens;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.Multipliers;
import dev.farspan.context.model.NormConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.model.TrainedMemory;
import dev.farspan.context.model.TrainedMemory.Summaries;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainedPatternsTest {
  private static ModelConfig model(TrainedMemory memory) {
    return new ModelConfig(
        "llama",
        100,
        32,
        64,
        new AttentionConfig(2, 2, 16, 0.25, 0, QkNorm.NONE, false),
        new FeedForward.Dense(64, FeedForward.Activation.SILU, true),
        new NormConfig(NormConfig.Kind.RMS, NormConfig.Placement.PRE, 1e-5),
        Multipliers.NONE,
        List.of(
            new RopeConfig(
                "all",
                new RopeBase(16, 10_000, 64),
                new FrequencyPolicy.None(),
                RopeConfig.Pairing.HALVES)),
        List.of(new LayerConfig(LayerConfig.FULL, 0)),
        true,
        memory);
  }

  private static Method resolve(String text, TrainedMemory memory) {
    return Method.resolve(MethodSpec.parse(text), model(memory), 1000);
  }

  @Test
  void theCheckpointSaysWhatTheRequestLeavesOut() {
    Summaries trained = new Summaries(4, 32, Summaries.ALL);
    assertThat(resolve("memory-tokens", trained).pattern())
        .isEqualTo(new MemoryTokens(4, 32, Summaries.ALL));
    assertThat(resolve("none+memory-tokens:segment=20,keep=0", trained).pattern())
        .isEqualTo(new MemoryTokens(4, 20, 0));
    assertThat(resolve("full", trained).pattern()).isEqualTo(new AttentionPattern.Full());
  }

  @Test
  void aSegmentAndItsMemoryTokensInsideTheTrainedLengthReachAnyLength() {
    Summaries trained = new Summaries(4, 60, Summaries.ALL);
    assertThat(MethodReach.of(resolve("memory-tokens", trained), model(trained)))
        .isEqualTo(MethodReach.UNBOUNDED);
    assertThat(MethodReach.of(resolve("memory-tokens:segment=61", trained), model(trained)))
        .isEqualTo(64);
  }

  @Test
  void whatTheModelWasNotTrainedForIsRefusedInOneSentence() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resolve("memory-tokens", TrainedMemory.NONE))
        .withMessage(
            "method 'memory-tokens' needs a checkpoint with memory tokens, and this llama model has"
                + " none: train them with farspan tune --recipe memory-tokens");
    Summaries latest = new Summaries(4, 32, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resolve("memory-tokens:keep=2", latest))
        .withMessageContaining("keeps the summaries of 2 segments, but the model was trained to");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resolve("yarn:factor=2+memory-tokens", latest))
        .withMessageContaining("leave the frequency policy out");
  }
}
