package dev.farspan.cli;

import dev.farspan.runtime.kvcache.CacheType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The option that says how keys and values are kept.
final class CacheTypeArgument {
  @Option(
      names = "--cache-type",
      paramLabel = "TYPE",
      converter = Converter.class,
      description = {
        "How keys and values are kept: f32, f16, bf16, q8_0 or q4_0, or two of them, the keys' first:"
            + " q8_0/f16; default: f32.",
        "f16 and bf16 halve the memory, q8_0 takes 27 %% of it and q4_0 14 %%."
      })
  private CacheType type = CacheType.F32;

  CacheType type() {
    return type;
  }

  /// A wrong name is wrong usage.
  static final class Converter implements ITypeConverter<CacheType> {
    @Override
    public CacheType convert(String text) {
      try {
        return CacheType.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
