package dev.farspan.formats.adapter;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig.Pairing;
import dev.farspan.formats.names.HeadRows;
import dev.farspan.formats.names.NamePair;
import dev.farspan.formats.names.TensorNames;
import dev.farspan.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/// Where a base keeps what an adapter calls by transformers' names, and how it stores it.
///
/// @param tied whether the base's head is its embedding
/// @param places by transformers' name; empty where the base has those names itself
public record BaseLayout(boolean tied, Map<String, Place> places) {
  /// What transformers calls the embedding.
  public static final String EMBEDDING = "model.embed_tokens.weight";

  /// What transformers calls the head.
  public static final String HEAD = "lm_head.weight";

  /// A tensor of the base.
  ///
  /// @param name what the base calls it
  /// @param order the row of transformers' tensor that each of its rows is
  /// @param shift what its values are more than transformers'
  /// @param kept whether it is stored just as transformers stores it
  public record Place(String name, IntUnaryOperator order, float shift, boolean kept) {
    private static Place same(String name) {
      return new Place(name, IntUnaryOperator.identity(), 0, true);
    }

    /// Returns a tensor as the base would store it.
    Tensor store(Tensor tensor) {
      if (kept) {
        return tensor.named(name);
      }
      int rows = Math.toIntExact(tensor.shape().dim(0));
      float[] from = tensor.toFloats();
      float[] to = new float[from.length];
      int row = from.length / rows;
      for (int r = 0; r < rows; r++) {
        System.arraycopy(from, order.applyAsInt(r) * row, to, r * row, row);
      }
      for (int i = 0; i < to.length; i++) {
        to[i] += shift;
      }
      return Tensor.ofFloats(name, tensor.shape(), to);
    }
  }

  /// Copies the map.
  public BaseLayout {
    places = Map.copyOf(places);
  }

  /// Returns the layout of a model in Hugging Face's format.
  ///
  /// @param base its shape
  /// @return transformers' own
  public static BaseLayout huggingFace(ModelConfig base) {
    return new BaseLayout(base.tiedEmbeddings(), Map.of());
  }

  /// Returns the layout of a model in a GGUF file: other names, the pairs of queries and keys in
  /// another order in some families, gains of the Gemma family one more.
  ///
  /// @param base its shape
  /// @return llama.cpp's
  public static BaseLayout gguf(ModelConfig base) {
    Map<String, Place> places = new HashMap<>();
    boolean shifted = base.family().startsWith("gemma");
    for (NamePair pair : TensorNames.of(base)) {
      places.put(
          pair.hf(),
          switch (pair.kind()) {
            case SAME -> Place.same(pair.gguf());
            case QUERY, KEY -> new Place(pair.gguf(), order(base), 0, false);
            case GAIN ->
                new Place(pair.gguf(), IntUnaryOperator.identity(), shifted ? 1 : 0, !shifted);
          });
    }
    places.put(HEAD, Place.same("output.weight"));
    return new BaseLayout(base.tiedEmbeddings(), places);
  }

  private static IntUnaryOperator order(ModelConfig base) {
    return base.mainRope().pairing() == Pairing.HALVES
        ? IntUnaryOperator.identity()
        : HeadRows.inGguf(base.attention().headDim(), base.mainRope().base().pairs());
  }

  /// Returns where the base keeps a tensor, or would keep it.
  Place place(String name) {
    Place place = places.get(name);
    return place == null ? Place.same(name) : place;
  }
}
