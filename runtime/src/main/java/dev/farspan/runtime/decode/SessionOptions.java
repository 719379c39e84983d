package dev.farspan.runtime.decode;

import dev.farspan.context.method.Method;
import dev.farspan.tensor.DType;

/// What a session is opened with.
///
/// @param method the context method in force
/// @param promptLength tokens of the prompt, for methods that compute it whole
/// @param cacheType type of the KV cache, `F32` or `F16`
public record SessionOptions(Method method, int promptLength, DType cacheType) {}
