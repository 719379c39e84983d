package dev.farspan.training.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.model.TrainedMemory.Landmarks;
import dev.farspan.training.SmallModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RecomputationTest {
  private static final int TOKENS = 19;

  @BeforeAll
  static void oneThread() {
    Torch.threads(1); // sums in the same order
  }

  /// The loss, and the gradient of every parameter that is trained.
  private record Step(double loss, Map<String, List<Float>> gradients) {}

  private static Step step(TorchModel model) {
    try (PointerScope _ = new PointerScope()) {
      long[] ids = new Random(4).longs(2L * TOKENS, 1, 32).toArray();
      int[][] positions = {IntStream.range(0, TOKENS).toArray()};
      double loss =
          model.backward(
              Torch.longs(ids, 2, TOKENS),
              SmallModel.TABLES,
              positions,
              logits -> logits.mul(logits).mean());
      Map<String, List<Float>> gradients = new LinkedHashMap<>();
      for (String name : model.parameters().trained()) {
        gradients.put(name, floats(model.parameters().get(name).grad()));
      }
      return new Step(loss, gradients);
    }
  }

  private static List<Float> floats(Tensor tensor) {
    List<Float> values = new ArrayList<>();
    for (float value : Torch.toFloats(tensor)) {
      values.add(value);
    }
    return values;
  }

  private static TorchModel model(ScalarType compute) {
    TorchModel model =
        TorchModel.of(SmallModel.CONFIG, FirstValues.of(SmallModel.CONFIG, 3), compute);
    model.parameters().train(_ -> true);
    return model;
  }

  private static void isTheSame(UnaryOperator<TorchModel> change, ScalarType compute) {
    try (TorchModel kept = change.apply(model(compute));
        TorchModel recomputed = change.apply(model(compute)).recomputing()) {
      Step expected = step(kept);
      assertThat(expected.gradients()).isNotEmpty();
      assertThat(step(recomputed)).isEqualTo(expected);
    }
  }

  @Test
  void gradientsAreTheSameBits() {
    isTheSame(UnaryOperator.identity(), ScalarType.Float);
    isTheSame(UnaryOperator.identity(), ScalarType.BFloat16);
  }

  @Test
  void soTheyAreUnderOtherAttention() {
    isTheSame(model -> model.shifted(2), ScalarType.Float);
    isTheSame(
        model -> {
          TorchModel marked = model.with(new Landmarks(4, SmallModel.CONFIG.vocabSize()));
          marked.parameters().train(_ -> true);
          return marked;
        },
        ScalarType.Float);
  }

  @Test
  void soTheyAreWhereOnlyAPartIsTrained() {
    isTheSame(
        model -> {
          model.adapt(new LowRank(2, 4, List.of("q_proj", "down_proj")), 7);
          model.parameters().train(name -> name.contains(".lora_"));
          return model;
        },
        ScalarType.Float);
  }

  @Test
  void aLayerIsComputedFirstWithoutAGraphAndOnceMoreWithOne() {
    List<String> calls = new ArrayList<>();
    try (PointerScope _ = new PointerScope()) {
      Tensor x = Torch.floats(new float[] {3}, 1).requires_grad_(true);
      Recomputation squares =
          new Recomputation(
              2,
              (index, y) -> {
                calls.add(index + (GradMode.is_enabled() ? " with" : " without"));
                return y.mul(y);
              });
      double loss = squares.backward(x, y -> y.mul(new Scalar(0.5)).sum());
      assertThat(loss).isEqualTo(40.5); // 3^4 / 2
      assertThat(x.grad().item_float()).isEqualTo(54); // 4 * 3^3 / 2
    }
    assertThat(calls).containsExactly("0 without", "1 without", "1 with", "0 with");
  }
}
