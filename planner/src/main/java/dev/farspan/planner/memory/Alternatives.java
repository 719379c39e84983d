package dev.farspan.planner.memory;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.planner.memory.Alternative.Kind;
import dev.farspan.planner.shape.ModelShape;
import dev.farspan.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What to change so that a request fits into a memory: each suggestion is a plan of its own.
public final class Alternatives {
  private static final int SINKS = 4; // arXiv 2309.17453 section 3.2

  /// A context is cut to whole pages.
  private static final int STEP = CacheTypes.PAGE;

  private final ModelShape shape;
  private final Request request;
  private final long memory;

  private Alternatives(ModelShape shape, Request request, long memory) {
    this.shape = shape;
    this.request = request;
    this.memory = memory;
  }

  /// Returns the changes that make a request fit.
  ///
  /// @param shape the model
  /// @param request what is asked of it
  /// @param memory what there is, in bytes
  /// @return each kind of change that suffices alone, and the largest context; none if nothing but
  ///   smaller weights or more memory helps
  public static List<Alternative> of(ModelShape shape, Request request, long memory) {
    Alternatives all = new Alternatives(shape, request, memory);
    List<Alternative> fitting = new ArrayList<>();
    all.smallerTypes().findFirst().ifPresent(fitting::add);
    all.bounded().ifPresent(fitting::add);
    all.fewerSequences().ifPresent(fitting::add);
    all.shorter(Kind.CONTEXT, request).ifPresent(fitting::add);
    Request smallest = request.with(CacheTypes.of(DType.Q4_0));
    all.shorter(Kind.CONTEXT_AND_CACHE_TYPE, smallest).ifPresent(fitting::add);
    return fitting;
  }

  /// Returns the longest context that fits.
  ///
  /// @param shape the model
  /// @param request what is asked of it; its length is the most that is tried
  /// @param memory what there is, in bytes
  /// @return tokens in whole pages, or the request's own length; empty if not one page fits
  public static Optional<Integer> longestContext(ModelShape shape, Request request, long memory) {
    return new Alternatives(shape, request, memory)
        .shorter(Kind.CONTEXT, request)
        .map(found -> found.request().reading().tokens());
  }

  /// Types that are smaller than the request's, the most exact that fits first.
  private Stream<Alternative> smallerTypes() {
    long own = request.types().pageBytes(shape.config().attention());
    return CacheTypes.TYPES.stream()
        .map(CacheTypes::of)
        .filter(types -> types.pageBytes(shape.config().attention()) < own)
        .flatMap(types -> fitting(Kind.CACHE_TYPE, request.with(types)).stream());
  }

  /// StreamingLLM with as many keys as the model was trained for.
  private Optional<Alternative> bounded() {
    int length = shape.config().trainedLength();
    if (length <= SINKS
        || request.reading().tokens() <= length
        || !shape.config().hasFullAttention()) {
      return Optional.empty();
    }
    MethodSpec streaming =
        MethodSpec.parse("streaming:sinks=%d,window=%d".formatted(SINKS, length - SINKS));
    return fitting(Kind.METHOD, request.with(streaming));
  }

  private Optional<Alternative> fewerSequences() {
    if (request.batch() == 1) {
      return Optional.empty();
    }
    MemoryPlan one = MemoryPlan.of(shape, batchOf(1));
    long rest = memory - (one.total() - one.caches());
    long sequences = rest / Math.max(1, one.caches());
    return sequences < 1
        ? Optional.empty()
        : fitting(Kind.BATCH, batchOf((int) Math.min(sequences, request.batch() - 1)));
  }

  private Request batchOf(int batch) {
    return new Request(
        request.method(), request.types(), request.reading(), batch, request.threads());
  }

  private Optional<Alternative> shorter(Kind kind, Request from) {
    Optional<Alternative> whole = fitting(kind, from);
    if (whole.isPresent()) {
      return whole;
    }
    int fits = 0; // in steps
    int tooLong = Math.ceilDiv(from.reading().tokens(), STEP);
    while (tooLong - fits > 1) {
      int middle = (fits + tooLong) >>> 1;
      if (fitting(kind, from.withTokens(middle * STEP)).isPresent()) {
        fits = middle;
      } else {
        tooLong = middle;
      }
    }
    return fits == 0 ? Optional.empty() : fitting(kind, from.withTokens(fits * STEP));
  }

  private Optional<Alternative> fitting(Kind kind, Request changed) {
    MemoryPlan plan = MemoryPlan.of(shape, changed);
    return plan.total() <= memory
        ? Optional.of(new Alternative(kind, changed, plan))
        : Optional.empty();
  }
}
