package dev.farspan.runtime.weights;

import dev.farspan.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// The tensors of a file; checks shapes and remembers what was read, so that none is ignored.
final class TensorSource {
  /// Tables that follow from the configuration and were only saved by accident or for RoPE, which
  /// the configuration reads itself; and the eyes of Gemma 3, of which the text model is run alone.
  private static final Pattern DERIVED =
      Pattern.compile(
          ".*rotary_emb\\.inv_freq|.*attention\\.(masked_)?bias|rope_freqs\\.weight"
              + "|rope_factors_(long|short)\\.weight"
              + "|(model\\.)?(vision_tower|multi_modal_projector)\\..*");

  /// Endings that quantisers give the parts of a weight they split (MXFP4; GPTQ and AWQ;
  /// bitsandbytes).
  private static final Pattern SPLIT_WEIGHT =
      Pattern.compile(".*(_blocks|_scales|\\.qweight|\\.qzeros|\\.absmax|\\.SCB)");

  private final Map<String, Tensor> tensors;
  private final Set<String> read = new HashSet<>();

  TensorSource(Map<String, Tensor> tensors) {
    this.tensors = tensors;
    tensors.keySet().stream()
        .filter(name -> SPLIT_WEIGHT.matcher(name).matches())
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "the checkpoint's weights are quantised in a way that is not read here (tensor '"
                      + name
                      + "'); use a checkpoint in bf16, f16 or f32, or a GGUF file");
            });
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  /// Returns a tensor of exactly this shape, outermost extent first.
  Tensor tensor(String name, long... shape) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "the checkpoint has no tensor '"
              + name
              + "', which its configuration asks for; the file is incomplete or of another family");
    }
    if (!Arrays.equals(tensor.shape().dims(), shape)) {
      throw new IllegalArgumentException(
          "tensor '"
              + name
              + "' has shape "
              + tensor.shape()
              + " where the configuration asks for "
              + Arrays.toString(shape));
    }
    read.add(name);
    return tensor;
  }

  float[] vector(String name, int size) {
    return tensor(name, size).toFloats();
  }

  /// Returns a matrix with its bias, if the file has one.
  Linear linear(String stem, long outputs, long inputs) {
    Tensor weight = tensor(stem + ".weight", outputs, inputs);
    String bias = stem + ".bias";
    return has(bias)
        ? new Linear(weight, vector(bias, Math.toIntExact(outputs)))
        : Linear.withoutBias(weight);
  }

  /// Fails if the file has a tensor of this name that is not the same as `original`.
  void requireCopy(String name, Tensor original) {
    Tensor copy = tensors.get(name);
    if (copy == null) {
      return;
    }
    if (copy.dtype() != original.dtype()
        || !copy.shape().equals(original.shape())
        || copy.data().mismatch(original.data()) >= 0) {
      throw new IllegalArgumentException(
          "the configuration ties '"
              + name
              + "' to '"
              + original.name()
              + "', but the checkpoint holds other values for it; set tie_word_embeddings to false"
              + " if it was trained apart");
    }
    read.add(name);
  }

  void requireAllRead() {
    List<String> left =
        tensors.keySet().stream()
            .filter(name -> !read.contains(name) && !DERIVED.matcher(name).matches())
            .sorted()
            .toList();
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "the checkpoint has "
              + left.size()
              + " tensors that its configuration does not use, such as '"
              + left.getFirst()
              + "'; the configuration is wrong or the family is not fully supported");
    }
  }
}
