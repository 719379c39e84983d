package dev.farspan.cli;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.engine.GenerationRequest.Context;
import dev.farspan.runtime.engine.Overflow;
import dev.farspan.runtime.kvcache.CacheType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// By which method a long text is read, and what happens when it is longer than that.
final class ContextArguments {
  @Option(
      names = "--method",
      paramLabel = "SPEC",
      description =
          "Context method, such as yarn:factor=4 or self-extend:group=4,window=1k; default: auto.")
  private MethodSpec method = MethodSpec.parse("auto");

  @Option(
      names = "--context",
      paramLabel = "N",
      converter = TokenCount.Positive.class,
      description = "Limit on prompt and continuation together; default: what the method holds.")
  private int limit;

  @Option(
      names = "--overflow",
      paramLabel = "error|stream|ignore",
      converter = OverflowName.class,
      description = {
        "What happens to a prompt beyond the limit; default: error, it is refused.",
        "stream: only the first and the latest tokens stay visible; ignore: run on all the same."
      })
  private Overflow overflow = Overflow.ERROR;

  @Mixin private final CacheTypeArgument cacheType = new CacheTypeArgument();

  MethodSpec method() {
    return method;
  }

  CacheType cacheType() {
    return cacheType.type();
  }

  /// Tokens of prompt and continuation together that a request can come to.
  int reach(int prompt, int maxTokens) {
    int wanted = (int) Math.min(Integer.MAX_VALUE, (long) prompt + maxTokens);
    return limit == 0 ? wanted : Math.max(prompt, Math.min(wanted, limit));
  }

  /// A method measured up to a length is good for it, whatever rule would bound it.
  Context context(Evidences.Choice choice) {
    return new Context(
        choice.method(), limit == 0 ? choice.limit() : limit, overflow, cacheType.type());
  }

  /// Reads the names of [Overflow].
  static final class OverflowName implements ITypeConverter<Overflow> {
    @Override
    public Overflow convert(String text) {
      return switch (text) {
        case "error" -> Overflow.ERROR;
        case "stream" -> Overflow.STREAM;
        case "ignore" -> Overflow.IGNORE;
        default ->
            throw new TypeConversionException(
                "'%s' is none of error, stream, ignore".formatted(text));
      };
    }
  }
}
