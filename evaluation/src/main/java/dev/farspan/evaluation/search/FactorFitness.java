package dev.farspan.evaluation.search;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.perplexity.Corpus;
import dev.farspan.evaluation.perplexity.PerplexityPlan;
import dev.farspan.evaluation.perplexity.PerplexityRun;
import dev.farspan.evaluation.perplexity.Protocol;
import dev.farspan.runtime.decode.Decoder;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.Collections;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/// The loss of texts under some divisors: all positions under the same ones, as engines read that
/// choose a list by the length of the prompt. Every loss is kept as soon as it is known, so that an
/// interrupted search goes on.
public final class FactorFitness {
  private final Decoder decoder;
  private final Corpus windows;
  private final int length;
  private final CacheType cacheType;

  /// Makes a fitness.
  ///
  /// @param decoder the model
  /// @param windows texts of `length` tokens
  /// @param length tokens to reach
  /// @param cacheType type of the KV cache
  public FactorFitness(Decoder decoder, Corpus windows, int length, CacheType cacheType) {
    this.decoder = decoder;
    this.windows = windows;
    this.length = length;
    this.cacheType = cacheType;
  }

  /// Returns the method that reads under some divisors.
  ///
  /// @param divisors one for each pair of dimensions
  /// @return a specification
  public MethodSpec method(List<Double> divisors) {
    int trained = decoder.config().trainedLength();
    return MethodSpec.parse(
        "longrope:short=%s,long=%s,original=%d,factor=%s,whole=true"
            .formatted(
                joined(Collections.nCopies(divisors.size(), 1.0)),
                joined(divisors),
                trained,
                (double) length / trained));
  }

  private static String joined(List<Double> divisors) {
    return divisors.stream().map(String::valueOf).collect(Collectors.joining(":"));
  }

  /// Returns the mean loss of all predictions under a method.
  ///
  /// @param method the method
  /// @param cells where losses are kept and found
  /// @param progress told how many tokens have been read
  /// @return nats a token
  public double loss(MethodSpec method, Cells cells, LongConsumer progress) {
    PerplexityPlan plan =
        new PerplexityPlan(
            Protocol.WHOLE, List.of(length), length, Integer.MAX_VALUE, List.of(method), cacheType);
    PerplexityRun run = new PerplexityRun(decoder, windows, plan);
    run.run(cells, progress);
    return run.loss(cells);
  }
}
