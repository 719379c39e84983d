package dev.farspan.context.lint;

import java.util.List;

/// What the RoPE settings of a file refer to outside of themselves.
///
/// @param modelType the family, such as `llama` (`model_type`)
/// @param headDim elements of a head
/// @param maxLength positions the file claims (`max_position_embeddings`)
/// @param layerTypes the type of each layer, such as `full_attention`
public record RopeFacts(String modelType, int headDim, int maxLength, List<String> layerTypes) {
  /// Layer type of a layer that sees every earlier key.
  public static final String FULL = "full_attention";

  /// Layer type of a layer with a sliding window.
  public static final String SLIDING = "sliding_attention";

  /// Copies the list.
  public RopeFacts {
    layerTypes = List.copyOf(layerTypes);
  }
}
