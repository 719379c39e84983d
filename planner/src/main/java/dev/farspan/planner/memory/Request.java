package dev.farspan.planner.memory;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;

/// What is asked of a model.
///
/// @param method the context method, `auto` included
/// @param types what keys and values are stored as
/// @param reading how each sequence is read and written
/// @param batch sequences kept at once, each with a cache of its own
/// @param threads threads that compute
public record Request(
    MethodSpec method, CacheTypes types, Reading reading, int batch, int threads) {
  /// Checks the counts.
  ///
  /// @throws IllegalArgumentException if there is no sequence or no thread
  public Request {
    if (batch < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "a plan needs at least one sequence and one thread, got a batch of %d and %d threads"
              .formatted(batch, threads));
    }
  }

  /// Returns the method in force.
  ///
  /// @param config the model's shape
  /// @return what the specification means for the model at this length
  /// @throws IllegalArgumentException if it does not suit the model
  public Method method(ModelConfig config) {
    return Method.resolve(method, config, reading.tokens());
  }

  /// Returns the same request with other types.
  ///
  /// @param other what keys and values are stored as
  /// @return the request
  public Request with(CacheTypes other) {
    return new Request(method, other, reading, batch, threads);
  }

  /// Returns the same request by another method.
  ///
  /// @param other the method
  /// @return the request
  public Request with(MethodSpec other) {
    return new Request(other, types, reading, batch, threads);
  }

  /// Returns the same request for another length.
  ///
  /// @param tokens tokens read and written
  /// @return the request
  public Request withTokens(int tokens) {
    return new Request(method, types, reading.withTokens(tokens), batch, threads);
  }
}
