package dev.farspan.export;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig.Pairing;
import dev.farspan.export.OutTensor.RowOrder;
import dev.farspan.formats.names.HeadRows;
import dev.farspan.formats.names.NamePair;
import dev.farspan.formats.names.NamePair.Kind;
import dev.farspan.formats.names.TensorNames;
import dev.farspan.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Tensors from the names and layout of one format to those of the other.
///
/// @param model the model
/// @param family its family
/// @param types how tensors are stored
/// @param direction from which format to which
record Conversion(ModelConfig model, Family family, TypeChoice types, Direction direction) {
  enum Direction {
    TO_GGUF,
    TO_HF
  }

  /// What follows from the configuration and was only saved by accident, or says how frequencies
  /// are scaled, which is written anew.
  private static final Pattern DERIVED =
      Pattern.compile(
          ".*rotary_emb\\.inv_freq|rope_freqs\\.weight|rope_factors_(long|short)\\.weight");

  /// Returns all tensors of the files.
  ///
  /// @param source the tensors of the model by name
  /// @throws IllegalArgumentException if one is missing, or one has no place in the other format
  List<OutTensor> tensors(Map<String, Tensor> source) {
    Map<String, Tensor> left = new HashMap<>(source);
    List<OutTensor> out = new ArrayList<>();
    for (NamePair pair : TensorNames.of(model)) {
      Tensor tensor = left.remove(from(pair));
      if (tensor != null) {
        out.add(converted(pair, tensor));
      } else if (pair.required()) {
        throw new IllegalArgumentException(
            "the model has no tensor '%s', which a %s model needs"
                .formatted(from(pair), model.family()));
      }
    }
    left.keySet()
        .removeIf(name -> DERIVED.matcher(name).matches() || isCopyOfEmbedding(source, name));
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "the model has a tensor '%s', for which the other format has no name"
              .formatted(left.keySet().iterator().next()));
    }
    return out;
  }

  private String from(NamePair pair) {
    return direction == Direction.TO_GGUF ? pair.hf() : pair.gguf();
  }

  private String to(NamePair pair) {
    return direction == Direction.TO_GGUF ? pair.gguf() : pair.hf();
  }

  /// Some tied checkpoints saved the embedding twice.
  private boolean isCopyOfEmbedding(Map<String, Tensor> source, String name) {
    if (!name.equals("lm_head.weight") || !model.tiedEmbeddings()) {
      return false;
    }
    Tensor embedding = source.get("model.embed_tokens.weight");
    Tensor head = source.get(name);
    return embedding != null
        && head != null
        && embedding.dtype() == head.dtype()
        && embedding.data().mismatch(head.data()) < 0;
  }

  private OutTensor converted(NamePair pair, Tensor tensor) {
    String name = to(pair);
    AttentionConfig attention = model.attention();
    boolean shifted = pair.kind() == Kind.GAIN && family.shiftsGains();
    RowOrder order =
        switch (pair.kind()) {
          case QUERY -> order(tensor, attention.heads());
          case KEY -> order(tensor, attention.kvHeads());
          case SAME, GAIN -> RowOrder.SAME;
        };
    float shift = shifted ? (direction == Direction.TO_GGUF ? 1 : -1) : 0;
    return new OutTensor(name, types.of(tensor, name), tensor, order, shift);
  }

  private RowOrder order(Tensor tensor, int heads) {
    int d = model.attention().headDim();
    if (tensor.shape().dim(0) != (long) heads * d) {
      throw new IllegalArgumentException(
          "tensor '%s' has shape %s where %d heads of %d are expected"
              .formatted(tensor.name(), tensor.shape(), heads, d));
    }
    if (family.pairing() == Pairing.HALVES) {
      return RowOrder.SAME;
    }
    return direction == Direction.TO_GGUF
        ? HeadRows.inGguf(d, d / 2)::applyAsInt
        : HeadRows.inHuggingFace(d, d / 2)::applyAsInt;
  }
}
