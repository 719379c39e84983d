package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import dev.farspan.runtime.engine.GenerationListener;
import dev.farspan.runtime.engine.GenerationResult;
import dev.farspan.runtime.kvcache.CacheType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Shows a generation as it happens: progress while the prompt is read, then the text.
final class GenerationOutput implements GenerationListener, AutoCloseable {
  private final Console console;
  private final boolean json;
  private final List<String> notes = new ArrayList<>();
  private @Nullable Progress reading;
  private boolean midLine;

  GenerationOutput(Console console, boolean json) {
    this.console = console;
    this.json = json;
  }

  @Override
  public void onPrefill(int done, int total) {
    Progress progress = reading;
    if (progress == null) {
      progress =
          console.progress(new Task("reading", Task.Unit.TOKENS, total, Task.Pace.SLOWING), 0);
      reading = progress;
    }
    progress.update(done);
    if (done == total) {
      progress.close();
    }
  }

  @Override
  public void onNote(String note) {
    notes.add(note);
    console.note(note);
  }

  @Override
  public void onText(String piece) {
    if (json) {
      return;
    }
    console.out().print(piece);
    midLine = !piece.endsWith("\n");
    // checkError also flushes.
    if (console.out().checkError()) {
      throw new IllegalStateException("standard output was closed before the text ended");
    }
  }

  void finish(GenerationResult result, CacheType cacheType) {
    if (json) {
      console.json(data(result, cacheType));
      return;
    }
    endLine();
    console.note(
        "read %s tokens in %s%s, wrote %s in %s%s; cache %s %s; method %s; %s"
            .formatted(
                Amounts.count(result.promptTokens()),
                Amounts.time(result.prefill()),
                rate(result.promptTokens(), result.prefill()),
                Amounts.count(result.generatedTokens()),
                Amounts.time(result.decode()),
                rate(result.generatedTokens(), result.decode()),
                Amounts.bytes(result.cacheBytes()),
                cacheType,
                result.method(),
                reason(result.finish())));
  }

  /// The prompt of a shell, or the next note, starts on a line of its own.
  private void endLine() {
    if (midLine) {
      midLine = false;
      console.out().println();
      console.out().flush();
    }
  }

  private static String rate(int tokens, Duration time) {
    double seconds = seconds(time);
    return seconds > 0 ? " (" + Amounts.rate(tokens / seconds, Task.Unit.TOKENS) + ")" : "";
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private static String reason(GenerationResult.Finish finish) {
    return switch (finish) {
      case END_OF_TEXT -> "the model ended its text";
      case STOP_TEXT -> "ended by a stop text";
      case MAX_TOKENS -> "ended by --max-tokens";
      case CONTEXT_FULL -> "ended because the context is full";
    };
  }

  private Map<String, Object> data(GenerationResult result, CacheType cacheType) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("text", result.text());
    data.put("finish", result.finish().name().toLowerCase(Locale.ROOT));
    data.put("method", result.method());
    data.put("prompt_tokens", result.promptTokens());
    data.put("generated_tokens", result.generatedTokens());
    data.put("prefill_seconds", seconds(result.prefill()));
    data.put("decode_seconds", seconds(result.decode()));
    data.put("cache_bytes", result.cacheBytes());
    data.put("cache_type", cacheType.toString());
    data.put("notes", notes);
    return data;
  }

  @Override
  public void close() {
    Progress progress = reading;
    if (progress != null) {
      progress.close();
    }
    endLine();
  }
}
