package dev.farspan.evaluation.perplexity;

import dev.farspan.runtime.kvcache.CacheType;

/// What one type of the KV cache costs in quality.
///
/// @param type what keys and values are stored as
/// @param loss mean loss in nats
/// @param difference how much more that is than with f32, token by token
/// @param divergence mean Kullback-Leibler divergence from the distributions of f32, in nats
/// @param largest the largest divergence of any position
/// @param sameTop the share of positions whose most likely token is that of f32
/// @param cacheBytes memory of the cache
public record CacheQualityRow(
    CacheType type,
    double loss,
    Estimate difference,
    Estimate divergence,
    double largest,
    double sameTop,
    long cacheBytes) {}
