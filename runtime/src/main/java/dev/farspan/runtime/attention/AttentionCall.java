package dev.farspan.runtime.attention;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.runtime.kvcache.LayerCache;
import dev.farspan.runtime.weights.Norm;

/// What the attention of one layer of one sequence works on.
///
/// @param heads the model's heads, scale and cap
/// @param sinks learned sink logits of the heads, or absent
/// @param cache keys and values of the layer
/// @param plan visibility and rotations of the block in flight
/// @param retrieval the layer's old blocks, for InfLLM
/// @param landmarks the keys of the layer's landmarks, for landmark attention
public record AttentionCall(
    AttentionConfig heads,
    Norm sinks,
    LayerCache cache,
    BlockPlan plan,
    BlockRetrieval retrieval,
    LandmarkKeys landmarks) {}
