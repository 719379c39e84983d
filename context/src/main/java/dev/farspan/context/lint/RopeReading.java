package dev.farspan.context.lint;

import dev.farspan.context.model.RopeConfig;
import java.util.List;

/// The rotary embeddings that a file describes.
///
/// @param ropes one for all layers, or one for each layer type in use; incomplete if there are
///   errors among the findings
/// @param claimedLength positions the file claims with its scaling: `max_position_embeddings`, or
///   what YaRN's factor makes of the original length if that is more
public record RopeReading(List<RopeConfig> ropes, int claimedLength) {
  /// Name of a rotary embedding that serves every layer.
  public static final String ALL = "all";

  /// Copies the list.
  public RopeReading {
    ropes = List.copyOf(ropes);
  }

  /// Returns which rotary embedding serves a layer.
  ///
  /// @param layerType type of the layer
  /// @return an index into `ropes`, or -1 if there is none
  public int indexFor(String layerType) {
    for (int i = 0; i < ropes.size(); i++) {
      String name = ropes.get(i).name();
      if (name.equals(ALL) || name.equals(layerType)) {
        return i;
      }
    }
    return -1;
  }
}
