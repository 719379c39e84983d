package dev.farspan.runtime.decode;

import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import java.util.List;

/// Layers that share a sliding window and a rotary embedding share one plan for each block.
final class LayerGroups {
  private final List<LayerConfig> kinds;
  private final int[] ofLayer;

  LayerGroups(ModelConfig config) {
    kinds = config.layers().stream().distinct().toList();
    ofLayer = config.layers().stream().mapToInt(kinds::indexOf).toArray();
  }

  int count() {
    return kinds.size();
  }

  LayerConfig kind(int group) {
    return kinds.get(group);
  }

  int groupOf(int layer) {
    return ofLayer[layer];
  }
}
