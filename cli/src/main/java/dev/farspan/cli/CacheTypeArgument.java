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
            + " q8_0/f16; default: ${DEFAULT-VALUE}.",
        "f16 and bf16 take half the memory of f32, q8_0 27 %% of it and q4_0 14 %%."
      })
  private CacheType type;

  /// Half the memory of f32 for no loss that could be measured (docs/decisions/0009).
  CacheTypeArgument() {
    this(CacheType.F16);
  }

  CacheTypeArgument(CacheType type) {
    this.type = type;
  }

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
