package dev.farspan.evaluation.perplexity;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.decode.Decoder;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.decode.SessionOptions;
import dev.farspan.runtime.kvcache.CacheType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Passes of one method that one session reads, for each begins as the next one does and is
/// computed alike: reading the longest measures all.
///
/// @param method what they are read under
/// @param parts the passes, from the shortest on; at least one
record SharedPasses(MethodSpec method, List<Part> parts) {

  /// A pass for a length.
  ///
  /// @param length tokens of a window
  /// @param pass what is read of it
  record Part(int length, Pass pass) {}

  /// Returns the pass that ends last.
  Pass longest() {
    return parts.getLast().pass();
  }

  /// Returns how many tokens are read, the last target included.
  int tokens() {
    return longest().tokens();
  }

  /// Opens the session that reads them.
  Session open(Decoder decoder, CacheType cacheType) {
    return session(decoder, cacheType, method, parts.getLast().length());
  }

  private static Session session(
      Decoder decoder, CacheType cacheType, MethodSpec spec, int length) {
    Method method = Method.resolve(spec, decoder.config(), length);
    return Session.open(decoder, new SessionOptions(method, length, cacheType));
  }

  /// Joins passes that can be shared.
  static final class Builder {
    private final Decoder decoder;
    private final CacheType cacheType;
    private final List<SharedPasses> passes = new ArrayList<>();
    private final Map<Start, SharedPasses> last = new HashMap<>();
    private final Map<Lengths, Boolean> alike = new HashMap<>();

    private record Start(MethodSpec method, int document, int from, int firstTarget) {}

    private record Lengths(MethodSpec method, int shorter, int longer) {}

    Builder(Decoder decoder, CacheType cacheType) {
      this.decoder = decoder;
      this.cacheType = cacheType;
    }

    /// Adds a pass; those of one start come in the order of their lengths.
    void add(MethodSpec method, int length, Pass pass) {
      Start start = new Start(method, pass.document(), pass.from(), pass.firstTarget());
      SharedPasses before = last.get(start);
      if (before != null && alike(method, before.parts().getLast().length(), length)) {
        before.parts().add(new Part(length, pass));
        return;
      }
      SharedPasses fresh = new SharedPasses(method, new ArrayList<>());
      fresh.parts().add(new Part(length, pass));
      passes.add(fresh);
      last.put(start, fresh);
    }

    /// Returns the passes, those that began first before the others.
    List<SharedPasses> passes() {
      return passes;
    }

    private boolean alike(MethodSpec method, int shorter, int longer) {
      return alike.computeIfAbsent(
          new Lengths(method, shorter, longer), lengths -> computedAlike(lengths));
    }

    /// Some methods depend on the length of what is read: `auto`, and those that compute prompts
    /// whole.
    private boolean computedAlike(Lengths lengths) {
      MethodSpec spec = lengths.method();
      Method method = Method.resolve(spec, decoder.config(), lengths.longer());
      if (!method.equals(Method.resolve(spec, decoder.config(), lengths.shorter()))) {
        return false;
      }
      try (Session session = session(decoder, cacheType, spec, lengths.longer())) {
        return session.servesPromptOf(lengths.shorter());
      }
    }
  }
}
