package dev.farspan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Writing a token takes no memory from the heap, once everything is compiled, but for the pages
/// that the cache grows by.
class DecodeAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUND = 16; // tokens; three rounds of four begin no page of the cache
  private static final int ROUNDS = 80; // by then the compiler is done, or never will be

  // The smallest object has 16 bytes, so less than this is not even one of them in each layer. What
  // is left, 6 to 37 bytes a token, are the array of the token here and what a method keeps of it.
  private static final int BYTES_PER_LAYER = 15;

  @ParameterizedTest
  @CsvSource({
    "none,f16",
    "'yarn:factor=4',f32",
    "'self-extend:group=4,window=64',q8_0",
    "'streaming:sinks=4,window=124',f16"
  })
  void aTokenTakesNothingFromTheHeap(String method, String cacheType) {
    int length = ROUND * ROUNDS;
    try (Model model = Model.open(smollm2(), 2);
        Session session =
            model.session(MethodSpec.parse(method), length, length, CacheType.parse(cacheType))) {
      int bound = BYTES_PER_LAYER * model.config().layers().size();
      long least = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS && least > bound; round++) {
        least = Math.min(least, bytesPerToken(session));
      }
      assertThat(least).as("bytes a token").isLessThanOrEqualTo(bound);
    }
  }

  private static long bytesPerToken(Session session) {
    int[] token = {42};
    IntConsumer nobody = _ -> {};
    long before = THREADS.getTotalThreadAllocatedBytes();
    for (int i = 0; i < ROUND; i++) {
      session.feed(token, 1, LogitsSink.NONE, nobody);
    }
    return (THREADS.getTotalThreadAllocatedBytes() - before) / ROUND;
  }

  private static Path smollm2() {
    String models = System.getenv().getOrDefault("FARSPAN_MODELS", "../models");
    return Path.of(models, "smollm2-135m-instruct.q4_1.gguf");
  }
}
