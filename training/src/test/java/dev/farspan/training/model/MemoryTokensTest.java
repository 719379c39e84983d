package dev.farspan.training.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.training.SmallModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class MemoryTokensTest {
  private static final int TOKENS = 3;
  private static final int SEGMENT = 7;

  private static TorchModel model(ScalarType type) {
    Parameters parameters = FirstValues.of(SmallModel.CONFIG, 3);
    MemoryTokens.add(parameters, TOKENS, 5);
    parameters.convert(type);
    return TorchModel.of(SmallModel.CONFIG, parameters, type);
  }

  private static Tensor ids(int segment) {
    return Torch.longs(
        new Random(segment).ints(2 * SEGMENT, 1, 32).asLongStream().toArray(), 2, SEGMENT);
  }

  /// A curved function of the third segment's logits: it depends on the memory tokens through two
  /// summaries alone.
  private static Tensor thirdSegment(TorchModel model) {
    MemoryTokens reader = new MemoryTokens(model, SmallModel.TABLES);
    List<Tensor> summaries = new ArrayList<>();
    for (int s = 0; s < 2; s++) {
      summaries.add(reader.read(ids(s), summaries, true).summary());
    }
    Tensor logits = reader.read(ids(2), summaries, false).logits();
    return logits.mul(logits).mul(logits).sum();
  }

  @Test
  void gradientsThroughTwoSummariesAreThoseOfFiniteDifferences() {
    try (TorchModel model = model(ScalarType.Double);
        PointerScope _ = new PointerScope()) {
      Tensor tokens = model.parameters().get(MemoryTokens.NAME);
      thirdSegment(model).backward();
      float[] gradient = Torch.toFloats(tokens.grad());
      assertThat(gradient).hasSize(TOKENS * SmallModel.CONFIG.hiddenSize()).doesNotContain(0f);
      double h = 1e-5;
      for (int i = 0; i < gradient.length; i++) {
        double above = valueWith(model, i, h);
        double below = valueWith(model, i, -h);
        // Central differences err by h^2 = 1e-10 times third derivatives, and by 1e-16 / h of the
        // value's size; the gradient is read as a float, with 1e-7 of its own.
        assertThat((double) gradient[i])
            .isCloseTo((above - below) / (2 * h), within(1e-5 * (1 + Math.abs(gradient[i]))));
      }
    }
  }

  private static double valueWith(TorchModel model, int element, double step) {
    try (PointerScope _ = new PointerScope();
        var _ = new org.bytedeco.pytorch.NoGradGuard()) {
      Tensor flat = model.parameters().get(MemoryTokens.NAME).view(-1).narrow(0, element, 1);
      flat.add_(new org.bytedeco.pytorch.Scalar(step));
      double value = thirdSegment(model).item_double();
      flat.add_(new org.bytedeco.pytorch.Scalar(-step));
      return value;
    }
  }

  @Test
  void aSegmentWithoutAPastIsReadAsTheModelReadsIt() {
    try (TorchModel model = model(ScalarType.Float);
        PointerScope _ = new PointerScope()) {
      MemoryTokens.Read read =
          new MemoryTokens(model, SmallModel.TABLES).read(ids(0), List.of(), true);
      float[] plain =
          Torch.toFloats(
              model.logits(
                  ids(0), SmallModel.TABLES, new int[][] {IntStream.range(0, SEGMENT).toArray()}));
      float[] logits = Torch.toFloats(read.logits());
      for (int i = 0; i < plain.length; i++) {
        // Products of other shapes are summed in another order, in float32.
        assertThat(logits[i]).isCloseTo(plain[i], within(1e-5f));
      }
      assertThat(Torch.shape(read.summary()))
          .containsExactly(2, TOKENS, SmallModel.CONFIG.hiddenSize());
    }
  }

  @Test
  void memoryTokensBeginNearTheMeanEmbeddingAndNoTwoAlike() {
    Parameters parameters = FirstValues.of(SmallModel.CONFIG, 3);
    MemoryTokens.add(parameters, 2, 1);
    float[] first = Torch.toFloats(parameters.get(MemoryTokens.NAME));
    float[] embedding = Torch.toFloats(parameters.get(ParameterNames.EMBEDDING));
    int hidden = SmallModel.CONFIG.hiddenSize();
    for (int i = 0; i < hidden; i++) {
      int element = i;
      double mean =
          IntStream.range(0, embedding.length / hidden)
              .mapToDouble(row -> embedding[row * hidden + element])
              .average()
              .orElseThrow();
      // A tenth of the embedding's deviation of 0.02, five times over.
      assertThat((double) first[i]).isCloseTo(mean, within(0.01));
    }
    assertThat(Arrays.copyOf(first, hidden))
        .isNotEqualTo(Arrays.copyOfRange(first, hidden, 2 * hidden));
    MemoryTokens.add(parameters, 2, 9); // there already: kept
    assertThat(Torch.toFloats(parameters.get(MemoryTokens.NAME))).isEqualTo(first);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemoryTokens.add(parameters, 4, 1))
        .withMessageContaining("has 2 memory tokens already");
  }
}
