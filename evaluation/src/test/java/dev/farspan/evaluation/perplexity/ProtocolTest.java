package dev.farspan.evaluation.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolTest {
  @ParameterizedTest
  @CsvSource({"64,16,15", "65,16,8", "100,16,7", "16,16,4", "79,32,1"})
  void aSlidingWindowPredictsEveryTokenOnceFromAsManyAsItsPapersSay(
      int tokens, int length, int stride) {
    List<Integer> targets = new ArrayList<>();
    for (Pass pass : Protocol.SLIDING.passes(0, tokens, length, stride)) {
      assertThat(pass.tokens()).isLessThanOrEqualTo(length);
      for (int t = pass.firstTarget(); t < pass.to(); t++) {
        targets.add(t);
        // begin_loc = max(i + stride - max_length, 0), where i is the first target of the window
        int window = t < length ? 0 : length + (t - length) / stride * stride;
        int begin = t < length ? 0 : Math.max(0, window + stride - length);
        assertThat(pass.from()).isEqualTo(begin);
      }
    }
    assertThat(targets).isEqualTo(IntStream.range(1, tokens).boxed().toList());
  }

  @Test
  void theWholeProtocolReadsTheFirstTokensInOnePass() {
    assertThat(Protocol.WHOLE.passes(3, 1000, 64, 16)).containsExactly(new Pass(3, 0, 64, 1));
    assertThat(Protocol.WHOLE.passes(3, 63, 64, 16)).isEmpty();
  }

  @Test
  void llamasChunksScoreTheSecondHalfLessTheTokenThatNoLogitsOfItPredict() {
    // n_ctx 512: logits 256 to 510 predict tokens 257 to 511, 255 a chunk
    List<Pass> passes = Protocol.LLAMA.passes(0, 1500, 512, 256);
    assertThat(passes).containsExactly(new Pass(0, 0, 512, 257), new Pass(0, 512, 1024, 769));
    assertThat(passes.getFirst().to() - passes.getFirst().firstTarget()).isEqualTo(255);
    assertThat(Protocol.LLAMA.passes(0, 1023, 512, 256)).isEmpty();
  }

  @Test
  void textsShorterThanTheLengthAreNamed() {
    PerplexityPlan plan = plan(List.of(64), 16);
    List<Document> short1 = List.of(new Document("a", new int[63]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan.passes(short1, 64))
        .withMessageContaining("63 tokens where a length of 64 needs 64");
    List<Document> both = List.of(new Document("a", new int[63]), new Document("b", new int[64]));
    assertThat(plan.passes(both, 64)).containsExactly(new Pass(1, 0, 64, 1));
    assertThat(plan.tooShort(both, 64)).isEqualTo(1);
  }

  @Test
  void aWindowThatMovesByItsWholeLengthIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new PerplexityPlan(Protocol.SLIDING, List.of(16), 16, 1, List.of(), CacheType.F32))
        .withMessageContaining("a window of 16 tokens is too short to move by a stride of 16");
  }

  private static PerplexityPlan plan(List<Integer> lengths, int stride) {
    return new PerplexityPlan(
        Protocol.WHOLE,
        lengths,
        stride,
        Integer.MAX_VALUE,
        List.of(MethodSpec.parse("none")),
        CacheType.F32);
  }
}
