package dev.farspan.runtime.engine;

import dev.farspan.context.lint.Finding;
import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.checkpoint.ModelParts;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Workers;
import dev.farspan.runtime.attention.FlashAttention;
import dev.farspan.runtime.decode.Decoder;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.decode.SessionOptions;
import dev.farspan.runtime.kvcache.CacheType;
import dev.farspan.runtime.weights.Weights;
import dev.farspan.tokenizer.ChatTemplate;
import dev.farspan.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A model opened from a file: weights mapped, nothing converted, tokenizer opened when it is first
/// needed.
///
/// One generation at a time; sessions of one model must not run side by side.
public final class Model implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final ModelOptions options;
  private final Workers workers;
  private final Weights weights;
  private final Decoder decoder;
  private @Nullable Tokenizer tokenizer;

  private Model(Checkpoint checkpoint, ModelOptions options) {
    this.weights = Weights.of(checkpoint);
    Kernels kernels = Kernels.best();
    this.checkpoint = checkpoint;
    this.options = options;
    this.workers = new Workers(options.threads());
    this.decoder =
        new Decoder(
            checkpoint.config(), weights, new FlashAttention(kernels, workers), kernels, workers);
  }

  /// Opens a model, its tokenizer as the file describes it.
  ///
  /// @param path a GGUF file, a Hugging Face directory, or an adapter's, whose base is found
  /// @param threads threads that compute, at least 1
  /// @return the open model
  /// @throws dev.farspan.formats.FormatException in one sentence, if there is no model or it can't
  ///   be run
  /// @throws IllegalArgumentException if a tensor is missing or has the wrong shape
  public static Model open(Path path, int threads) {
    return open(path, ModelOptions.ofThreads(threads));
  }

  /// Opens a model.
  ///
  /// @param path a GGUF file, a Hugging Face directory, or an adapter's, whose base is found
  /// @param options threads, and how text is cut into words
  /// @return the open model
  /// @throws dev.farspan.formats.FormatException in one sentence, if there is no model or it can't
  ///   be run
  /// @throws IllegalArgumentException if a tensor is missing or has the wrong shape
  public static Model open(Path path, ModelOptions options) {
    return open(ModelParts.of(path), options);
  }

  /// Opens a model, its adapter merged into it.
  ///
  /// @param parts where model and adapter lie
  /// @param options threads, and how text is cut into words
  /// @return the open model
  /// @throws dev.farspan.formats.FormatException in one sentence, if there is no model, it can't be
  ///   run, or the adapter is not one for it
  /// @throws IllegalArgumentException if a tensor is missing or has the wrong shape
  public static Model open(ModelParts parts, ModelOptions options) {
    Checkpoint checkpoint = Checkpoint.open(parts);
    boolean done = false;
    try {
      Model model = new Model(checkpoint, options);
      done = true;
      return model;
    } finally {
      if (!done) {
        checkpoint.close();
      }
    }
  }

  /// Returns the model's shape.
  ///
  /// @return the configuration
  public ModelConfig config() {
    return checkpoint.config();
  }

  /// Returns what is odd about the model's configuration.
  ///
  /// @return warnings
  public List<Finding> findings() {
    return checkpoint.findings();
  }

  /// Returns where the model and its adapter lie.
  ///
  /// @return their paths
  public ModelParts parts() {
    return checkpoint.parts();
  }

  /// Returns where the model was opened.
  ///
  /// @return the path; an adapter's directory, if there is one
  public Path path() {
    return checkpoint.path();
  }

  /// Returns the model's parameters, mapped from its files.
  ///
  /// @return every matrix and norm
  public Weights weights() {
    return weights;
  }

  /// Returns the decoder.
  ///
  /// @return token ids in, logits out
  public Decoder decoder() {
    return decoder;
  }

  /// Returns the tokenizer, opened on the first call.
  ///
  /// @return the tokenizer
  /// @throws IllegalArgumentException if the model carries none, or the pre-tokenizer of the
  ///   options does not fit it
  public synchronized Tokenizer tokenizer() {
    Tokenizer known = tokenizer;
    if (known == null) {
      known = TokenizerFactory.tokenizer(checkpoint, options.preTokenizer());
      tokenizer = known;
    }
    return known;
  }

  /// Returns how a GGUF vocabulary cuts text into words: the name in the options, or the file's.
  ///
  /// @return the name; empty for SentencePiece, which has no such step, and for a tokenizer.json,
  ///   which holds its own
  /// @throws IllegalArgumentException if the name in the options does not fit the model
  public Optional<String> preTokenizer() {
    return TokenizerFactory.preTokenizer(checkpoint, options.preTokenizer());
  }

  /// Returns the chat template.
  ///
  /// @return the template, if the model carries one
  public Optional<ChatTemplate> chatTemplate() {
    return TokenizerFactory.chatTemplate(checkpoint, tokenizer());
  }

  /// Returns the token ids at which generation ends: those of the files and of the vocabulary.
  ///
  /// @return ids
  public Set<Integer> endOfText() {
    Set<Integer> ids = new TreeSet<>(checkpoint.endOfText());
    ids.addAll(tokenizer().endOfText());
    return ids;
  }

  /// Opens a sequence.
  ///
  /// @param spec the context method
  /// @param promptLength tokens of the prompt, for methods that compute it whole
  /// @param length tokens that prompt and continuation will reach, for `auto`
  /// @param cacheType what keys and values are stored as
  /// @return an empty session
  /// @throws IllegalArgumentException if the method does not fit the model
  public Session session(MethodSpec spec, int promptLength, int length, CacheType cacheType) {
    Method method = Method.resolve(spec, config(), length);
    return Session.open(decoder, new SessionOptions(method, promptLength, cacheType));
  }

  @Override
  public void close() {
    workers.close();
    try (checkpoint) {
      Tokenizer open = tokenizer;
      if (open != null) {
        open.close();
      }
    }
  }
}
