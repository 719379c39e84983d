package dev.farspan.evaluation.task.run;

import dev.farspan.context.method.Method;
import dev.farspan.kernels.Kernels;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.engine.PrefixReuse;
import dev.farspan.tokenizer.StreamDecoder;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntConsumer;

/// Lets a model answer greedily, and measures how far it was from the reference.
final class Answers {
  private static final Kernels EXACT = Kernels.reference(); // log-sum-exp in double precision

  private final Model model;
  private final PrefixReuse reuse;
  private final Set<Integer> endOfText;
  private final int vocab;
  private long feeding; // ns inside the model

  Answers(Model model, PrefixReuse reuse) {
    this.model = model;
    this.reuse = reuse;
    this.endOfText = model.endOfText();
    // Embeddings may be padded beyond the vocabulary; no text belongs to those ids.
    this.vocab = Math.min(model.config().vocabSize(), model.tokenizer().vocabSize());
  }

  /// Returns the nanoseconds spent in the model.
  long feeding() {
    return feeding;
  }

  /// Returns the most likely continuation of a prompt.
  String greedy(Method method, int[] prompt, int shared, int tokens, IntConsumer progress) {
    Likeliest next = new Likeliest(prompt.length - 1, vocab);
    long start = System.nanoTime();
    reuse.read(method, prompt, shared, next, progress);
    feeding += System.nanoTime() - start;
    StreamDecoder decoder = model.tokenizer().stream();
    StringBuilder text = new StringBuilder();
    for (int n = 0; n < tokens && !endOfText.contains(next.token); n++) {
      text.append(decoder.next(next.token));
      if (n + 1 < tokens) {
        next.position = reuse.position();
        start = System.nanoTime();
        reuse.write(next.token, next);
        feeding += System.nanoTime() - start;
      }
    }
    return text.append(decoder.flush()).toString();
  }

  /// Returns the mean loss of reference tokens after a prompt, each given those before.
  double loss(Method method, int[] prompt, int shared, int[] reference) {
    int[] ids = Arrays.copyOf(prompt, prompt.length + reference.length - 1);
    System.arraycopy(reference, 0, ids, prompt.length, reference.length - 1);
    Surprise surprise = new Surprise(prompt.length - 1, reference);
    long start = System.nanoTime();
    reuse.takeBack(prompt.length - 1); // an answer may have begun as the reference does
    reuse.read(method, ids, shared, surprise, _ -> {});
    feeding += System.nanoTime() - start;
    return surprise.sum / reference.length;
  }

  /// The token with the largest logit after one position.
  static final class Likeliest implements LogitsSink {
    private final int vocab;
    private int position;
    private int token;

    Likeliest(int position, int vocab) {
      this.position = position;
      this.vocab = vocab;
    }

    int token() {
      return token;
    }

    @Override
    public boolean wants(int at) {
      return at == position;
    }

    @Override
    public void accept(int at, float[] logits, int from) {
      int best = 0;
      for (int id = 1; id < vocab; id++) {
        if (logits[from + id] > logits[from + best]) {
          best = id;
        }
      }
      token = best;
    }
  }

  /// The loss of the tokens that follow a position.
  private final class Surprise implements LogitsSink {
    private final int first;
    private final int[] reference;
    private double sum;

    Surprise(int first, int[] reference) {
      this.first = first;
      this.reference = reference;
    }

    @Override
    public boolean wants(int at) {
      return at >= first;
    }

    @Override
    public void accept(int at, float[] logits, int from) {
      sum += EXACT.logSumExp(logits, from, vocab) - logits[from + reference[at - first]];
    }
  }
}
