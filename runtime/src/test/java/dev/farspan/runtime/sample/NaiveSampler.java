package dev.farspan.runtime.sample;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// The definitions of the filters, each over a fully sorted vocabulary.
final class NaiveSampler {
  private final SamplingOptions options;
  private final RandomGenerator random;

  NaiveSampler(SamplingOptions options) {
    this.options = options;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(options.seed());
  }

  private record Token(int id, float logit) {}

  int next(float[] logits, BitSet history) {
    List<Token> tokens = new ArrayList<>();
    for (int id = 0; id < logits.length; id++) {
      float x = logits[id];
      if (history.get(id)) {
        float penalty = (float) options.repetitionPenalty();
        x = x < 0 ? x * penalty : x / penalty;
      }
      tokens.add(new Token(id, x + 0f));
    }
    tokens.sort(Comparator.comparing(Token::logit).reversed().thenComparing(Token::id));
    double max = tokens.getFirst().logit();
    if (options.greedy()) {
      return tokens.getFirst().id();
    }
    if (options.topK() > 0) {
      float least = tokens.get(Math.min(options.topK(), tokens.size()) - 1).logit();
      tokens.removeIf(token -> token.logit() < least);
    }
    if (options.topP() < 1) {
      tokens = nucleus(tokens, max);
    }
    tokens.removeIf(token -> weight(token, max) < options.minP());
    tokens.sort(Comparator.comparing(Token::id));
    return draw(tokens, max);
  }

  private List<Token> nucleus(List<Token> tokens, double max) {
    double total = tokens.stream().mapToDouble(token -> weight(token, max)).sum();
    List<Token> kept = new ArrayList<>();
    double before = 0;
    for (Token token : tokens) {
      if (before < options.topP() * total) {
        kept.add(token);
      }
      before += weight(token, max);
    }
    return kept;
  }

  private int draw(List<Token> tokens, double max) {
    double total = 0;
    for (Token token : tokens) {
      total += weight(token, max);
    }
    double wanted = random.nextDouble() * total;
    double sum = 0;
    for (Token token : tokens) {
      sum += weight(token, max);
      if (sum > wanted) {
        return token.id();
      }
    }
    throw new AssertionError("the naive draw ran past the end");
  }

  private double weight(Token token, double max) {
    return Math.exp((token.logit() - max) / options.temperature());
  }
}
