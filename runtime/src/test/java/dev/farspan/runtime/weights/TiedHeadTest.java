package dev.farspan.runtime.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.tensor.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Checkpoints whose configuration ties the head to the embedding, yet that hold a head.
class TiedHeadTest {
  private static final Path TIED = Path.of("src/test/resources/golden/tiny/llama-tied");
  private static final String EMBEDDING = "model.embed_tokens.weight";

  @Test
  void aHeadSavedTwiceIsTheEmbedding() {
    try (Checkpoint checkpoint = Checkpoint.open(TIED)) {
      Map<String, Tensor> tensors = new HashMap<>(checkpoint.tensors());
      Tensor embedding = checkpoint.tensors().get(EMBEDDING);
      tensors.put("lm_head.weight", embedding);
      Weights weights = Weights.load(checkpoint.config(), Weights.Naming.HUGGING_FACE, tensors);
      assertThat(weights.head().weight()).isEqualTo(embedding);
    }
  }

  @Test
  void anotherHeadIsRefused() {
    try (Checkpoint checkpoint = Checkpoint.open(TIED)) {
      Map<String, Tensor> tensors = new HashMap<>(checkpoint.tensors());
      Tensor embedding = checkpoint.tensors().get(EMBEDDING);
      float[] other = embedding.toFloats();
      other[5]++;
      tensors.put("lm_head.weight", Tensor.ofFloats("lm_head.weight", embedding.shape(), other));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Weights.load(checkpoint.config(), Weights.Naming.HUGGING_FACE, tensors))
          .withMessageContaining("ties 'lm_head.weight' to 'model.embed_tokens.weight'");
    }
  }
}
