package dev.farspan.export;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.formats.hf.HfRopeWriter;
import dev.farspan.tensor.DType;
import java.nio.file.Path;
import java.util.Optional;

/// What to make of a model.
///
/// @param format what is written
/// @param method the context method that the files are to carry
/// @param context positions that the files claim; [#REACH] for as many as the method reaches
/// @param type how matrices are stored; empty for as they are
/// @param whatIsLeft what becomes of a method that the format has no words for
/// @param evaluation a directory with `results.json`, for the card
public record ExportOptions(
    Format format,
    MethodSpec method,
    int context,
    Optional<DType> type,
    Inexpressible whatIsLeft,
    Optional<Path> evaluation) {
  /// Value of `context` that takes what the method reaches.
  public static final int REACH = 0;

  /// What is written.
  public sealed interface Format {
    /// A directory as transformers and vLLM read it.
    ///
    /// @param form where `config.json` has its RoPE settings
    record HuggingFace(HfRopeWriter.Form form) implements Format {}

    /// One file as llama.cpp reads it.
    record Gguf() implements Format {}
  }

  /// What becomes of a method that no other engine would apply.
  public enum Inexpressible {
    /// The export fails and says why.
    REFUSED,
    /// The files carry the model as it was, and name the method under a key of Farspan's own.
    NOTED
  }

  /// Checks the length.
  ///
  /// @throws IllegalArgumentException if it is negative
  public ExportOptions {
    if (context < 0) {
      throw new IllegalArgumentException("a context has at least 1 token, got " + context);
    }
  }
}
