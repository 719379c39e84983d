package dev.farspan.runtime.engine;

import java.util.Optional;

/// How a model is opened.
///
/// @param threads threads that compute, at least 1
/// @param preTokenizer how a GGUF vocabulary cuts text into words, one of
///   [dev.farspan.tokenizer.GgufTokenizer#preTokenizers]; empty for what the file names
public record ModelOptions(int threads, Optional<String> preTokenizer) {
  /// Returns options that leave the tokenizer as the file describes it.
  ///
  /// @param threads threads that compute, at least 1
  /// @return the options
  public static ModelOptions ofThreads(int threads) {
    return new ModelOptions(threads, Optional.empty());
  }
}
