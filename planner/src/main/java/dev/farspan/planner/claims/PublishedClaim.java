package dev.farspan.planner.claims;

import dev.farspan.planner.memory.CacheTypes;
import dev.farspan.planner.shape.KnownShapes;
import dev.farspan.planner.shape.Sizes;
import dev.farspan.tensor.DType;
import java.util.List;

/// A size of a KV cache that somebody published, and the arithmetic that gives it.
///
/// @param text what was said
/// @param source where
/// @param shape a name of [KnownShapes]
/// @param kvHeads key/value heads that the figure counts
/// @param type type of keys and values that it counts
/// @param tokens tokens that it counts
/// @param batch sequences that it counts
/// @param said the figure in bytes, or the bound that was named
public record PublishedClaim(
    String text,
    String source,
    String shape,
    int kvHeads,
    DType type,
    int tokens,
    int batch,
    long said) {
  private static final long GIB = 1L << 30;
  private static final String LLAMA31 = "huggingface.co/blog/llama31, inference memory";

  /// Claims whose arithmetic is known, each checked by a test.
  public static final List<PublishedClaim> ALL =
      List.of(
          new PublishedClaim(
              "Llama 2 13B, 128K tokens, FP16: over 100 GB",
              "JanusQuant, doi 10.1145/3774934.3786428, section 1",
              "llama2-13b",
              40,
              DType.F16,
              131_072,
              1,
              100_000_000_000L),
          new PublishedClaim(
              "Llama 3.1 405B, 128k tokens, FP16: 123.05 GB",
              LLAMA31 + "; in GiB, it is 16 KV heads in f16 or 8 in f32",
              "llama3.1-405b",
              16,
              DType.F16,
              128_000,
              1,
              Math.round(123.05 * GIB)),
          new PublishedClaim(
              "Llama 3.1 70B, 128k tokens, FP16: 39.06 GB",
              LLAMA31 + "; counts GiB",
              "llama3.1-70b",
              8,
              DType.F16,
              128_000,
              1,
              Math.round(39.06 * GIB)),
          new PublishedClaim(
              "Llama 3.1 8B, 128k tokens, FP16: 15.62 GB",
              LLAMA31 + "; counts GiB",
              "llama3.1-8b",
              8,
              DType.F16,
              128_000,
              1,
              Math.round(15.62 * GIB)));

  /// Returns what the formula gives for the combination that the claim counts.
  ///
  /// @return bytes
  public long computed() {
    Sizes sizes = KnownShapes.named(shape);
    Sizes counted =
        new Sizes(
            sizes.layers(),
            sizes.hidden(),
            sizes.heads(),
            kvHeads,
            sizes.headDim(),
            sizes.intermediate(),
            sizes.vocab(),
            sizes.trainedLength());
    return CacheTypes.of(type)
        .textbookBytes(counted.config().attention(), sizes.layers(), tokens, batch);
  }
}
