package dev.farspan.runtime.decode;

import dev.farspan.context.method.Method;
import dev.farspan.runtime.kvcache.CacheType;

/// What a session is opened with.
///
/// @param method the context method in force
/// @param promptLength tokens of the prompt, for methods that compute it whole
/// @param cacheType what keys and values are stored as
public record SessionOptions(Method method, int promptLength, CacheType cacheType) {}
