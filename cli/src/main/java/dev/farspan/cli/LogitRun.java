package dev.farspan.cli;

import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Computes the logits of every position of a text: method, chunking and cache as options.
final class LogitRun {
  @Option(
      names = "--method",
      paramLabel = "SPEC",
      description = "Context method; default: file, the scaling that the model's file carries.")
  private MethodSpec method = MethodSpec.parse("file");

  @Option(
      names = "--chunk",
      paramLabel = "C",
      converter = TokenCount.class,
      description = "Tokens computed together; 1 takes the path of decoding; default: 512.")
  private int chunk = 512;

  /// Exact, since the numbers themselves are what is asked for.
  @Mixin private final CacheTypeArgument cacheType = new CacheTypeArgument(CacheType.F32);

  /// Takes the logits of a position.
  interface Row {
    void accept(int position, float[] logits, int from);
  }

  /// Feeds all ids as one prompt.
  void run(Model model, int[] ids, Console console, Row row) {
    if (chunk < 1) {
      throw new IllegalArgumentException("--chunk must be at least 1, got " + chunk);
    }
    Task task = new Task("computing", Task.Unit.TOKENS, ids.length, Task.Pace.SLOWING);
    try (Session session = model.session(method, ids.length, ids.length, cacheType.type());
        Progress progress = console.progress(task, 0)) {
      session.feed(ids, chunk, sink(row), progress::update);
    }
  }

  private static LogitsSink sink(Row row) {
    return new LogitsSink() {
      @Override
      public boolean wants(int position) {
        return true;
      }

      @Override
      public void accept(int position, float[] logits, int at) {
        row.accept(position, logits, at);
      }
    };
  }
}
