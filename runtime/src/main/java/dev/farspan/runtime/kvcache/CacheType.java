package dev.farspan.runtime.kvcache;

import dev.farspan.kernels.PageLayout;
import dev.farspan.tensor.DType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What keys and values are stored as.
///
/// @param keys type of the keys
/// @param values type of the values
public record CacheType(DType keys, DType values) {
  /// Everything as it was computed.
  public static final CacheType F32 = of(DType.F32);

  /// Half the memory: rounded to 11 bits.
  public static final CacheType F16 = of(DType.F16);

  /// Returns one type for both.
  ///
  /// @param both type of keys and values
  /// @return the pair
  public static CacheType of(DType both) {
    return new CacheType(both, both);
  }

  /// Reads a type for both or, with a slash between, one for the keys and one for the values.
  ///
  /// @param text for example `f16` or `q8_0/f16`
  /// @return the pair
  /// @throws IllegalArgumentException if a name is not one of `f32`, `f16`, `bf16`, `q8_0`, `q4_0`
  public static CacheType parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? of(type(text, text))
        : new CacheType(
            type(text.substring(0, slash), text), type(text.substring(slash + 1), text));
  }

  private static DType type(String name, String text) {
    return PageLayout.TYPES.stream()
        .filter(type -> name(type).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is no type of a KV cache; use one of %s, or two for keys and values, as q8_0/f16"
                        .formatted(text, String.join(", ", names()))));
  }

  /// Returns the names of the types, most exact first.
  ///
  /// @return `f32` and so on
  public static List<String> names() {
    return PageLayout.TYPES.stream().map(CacheType::name).toList();
  }

  private static String name(DType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  /// Returns the largest magnitude that can be stored.
  ///
  /// @param type type of keys or values
  /// @return infinity where a float of any size can
  public static float limit(DType type) {
    float largestHalf = 65504; // (2 - 2^-10) * 2^15, IEEE 754 binary16
    return switch (type) {
      case F16 -> largestHalf;
      case Q8_0 -> largestHalf * 127; // its scale is an F16
      case Q4_0 -> largestHalf * 8;
      default -> Float.POSITIVE_INFINITY;
    };
  }

  /// Returns how a page of these types lies in memory.
  ///
  /// @param kvHeads key/value heads
  /// @param headDim elements of a head
  /// @return the layout
  public PageLayout layout(int kvHeads, int headDim) {
    return new PageLayout(kvHeads, headDim, keys, values);
  }

  @Override
  public String toString() {
    return Stream.of(keys, values).distinct().map(CacheType::name).collect(Collectors.joining("/"));
  }
}
