package dev.farspan.planner.advice;

import dev.farspan.planner.memory.CacheTypes;

/// What a context method is looked for.
///
/// @param context tokens that are to be read
/// @param types what keys and values are stored as
/// @param memory what there is, in bytes
/// @param threads threads that compute
public record Need(int context, CacheTypes types, long memory, int threads) {}
