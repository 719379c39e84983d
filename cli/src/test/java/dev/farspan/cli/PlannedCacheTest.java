package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.kernels.Kernels;
import dev.farspan.planner.memory.CacheGrowth;
import dev.farspan.planner.memory.CacheTypes;
import dev.farspan.planner.memory.Reading;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.decode.SessionOptions;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The planner's arithmetic against what sessions allocate: the same bytes, not nearly the same.
class PlannedCacheTest {
  @TempDir Path directory;

  private static final List<String> TYPES =
      List.of("f32", "f16", "bf16", "q8_0", "q4_0/q8_0", "f16/q4_0");

  /// Every attention pattern, stages of dynamic policies that split a feed at odd places, and pages
  /// that are dropped at once, never, or only half.
  private static final List<String> METHODS =
      List.of(
          "none",
          "dynamic-yarn",
          "dynamic-ntk:stages=exact",
          "window:size=70",
          "window-recompute:size=100",
          "streaming:sinks=4,window=60",
          "streaming:sinks=65,window=129",
          "dynamic-yarn+streaming:sinks=1,window=190",
          "lm-infinite:sinks=3,window=64",
          "self-extend:group=4,window=16",
          "rerope:window=24",
          "leaky-rerope:window=24,k=8",
          "dual-chunk:chunk=48,local=8",
          "infllm:sinks=4,local=32,block=16,topk=2,representatives=2");

  private static final List<Reading> READINGS =
      List.of(
          new Reading(1, 0, 512),
          new Reading(64, 1, 512),
          new Reading(331, 0, 512),
          new Reading(331, 70, 100),
          new Reading(257, 130, 7),
          new Reading(0, 193, 1));

  /// The logits of the last token alone, which makes window-recompute run a fresh pass.
  private record Last(int last) implements LogitsSink {
    @Override
    public boolean wants(int position) {
      return position == last;
    }

    @Override
    public void accept(int position, float[] logits, int at) {}
  }

  static List<String> methods() {
    return METHODS;
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodAndTypeKeepsTheBytesThatArePlanned(String method) {
    compare("llama-default", method);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gemma3", "mistral-window", "gpt-oss-sinks", "smollm3-nope", "phi3-partial"})
  void windowsOfTheModelsOwnAreCountedLayerByLayer(String model) {
    compare(model, "file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemma3", "gpt-oss-sinks"})
  void aMethodChangesTheFullLayersOnly(String model) {
    compare(model, "streaming:sinks=4,window=60");
  }

  /// Landmarks are kept too, and pages beyond the memory asked for are on disk.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "landmark:topk=2,local=1",
        "landmark:topk=2,local=1,memory=130",
        "landmark:topk=0,local=0,memory=1"
      })
  void landmarksAreCountedAndPagesOnDiskAreNot(String method) throws IOException {
    Path source = Golden.tiny("llama-default");
    Files.copy(source.resolve("model.safetensors"), directory.resolve("model.safetensors"));
    Files.writeString(
        directory.resolve("config.json"),
        Files.readString(source.resolve("config.json"))
            .replaceFirst("\\{", "{\"farspan\": {\"landmark\": {\"block\": 5, \"token\": 256}},"));
    compare(directory, method);
  }

  private static void compare(String name, String method) {
    compare(Golden.tiny(name), method);
  }

  private static void compare(Path path, String method) {
    try (Model model = Model.open(path, 1)) {
      for (String type : TYPES) {
        for (Reading reading : READINGS) {
          MethodSpec spec = MethodSpec.parse(method);
          Method resolved = Method.resolve(spec, model.config(), reading.tokens());
          CacheType cacheType = CacheType.parse(type);
          CacheTypes planned = new CacheTypes(cacheType.keys(), cacheType.values());
          assertThat(CacheGrowth.of(model.config(), resolved, planned, reading).total())
              .as("%s %s %s", method, type, reading)
              .isEqualTo(allocated(model, resolved, cacheType, reading));
        }
      }
    }
  }

  /// Inside a feed a full segment's cache also holds its memory tokens, which no one sees from
  /// outside: what is planned is that, and nothing that is seen is more.
  @ParameterizedTest
  @ValueSource(ints = {1, 100, 128, 129, 300, 3000})
  void memoryTokensArePlannedForTheLargestSegment(int tokens) {
    try (Model model = Model.open(Path.of("../models/farspan-tiny-memory"), 1)) {
      Method method = Method.resolve(MethodSpec.parse("memory-tokens"), model.config(), tokens);
      int segments = (tokens - 1) / 128;
      int largest = segments == 0 ? tokens : 16 * Math.min(3, segments - 1) + 128 + 16;
      int rest = 16 * Math.min(3, segments) + tokens - 128 * segments;
      for (String type : TYPES) {
        CacheType cacheType = CacheType.parse(type);
        CacheTypes planned = new CacheTypes(cacheType.keys(), cacheType.values());
        Reading reading = new Reading(tokens, 0, 50);
        long bytes = CacheGrowth.of(model.config(), method, planned, reading).total();
        if (!planned.quantised()) {
          long pages = 4L * Math.ceilDiv(Math.max(largest, rest), Kernels.TILE);
          assertThat(bytes).isEqualTo(pages * planned.pageBytes(model.config().attention()));
        }
        SessionOptions options = new SessionOptions(method, tokens, cacheType);
        try (Session session = Session.open(model.decoder(), options)) {
          for (int at = 0; at < tokens; at += 50) {
            int[] some = tokens(model, Math.min(50, tokens - at));
            session.feed(some, 50, new Last(-1), _ -> {});
            assertThat(session.cacheBytes()).as("%s at %d", type, at).isLessThanOrEqualTo(bytes);
          }
        }
      }
    }
  }

  private static long allocated(Model model, Method method, CacheType type, Reading reading) {
    SessionOptions options = new SessionOptions(method, reading.prompt(), type);
    Last last = new Last(reading.tokens() - 1);
    try (Session session = Session.open(model.decoder(), options)) {
      session.feed(tokens(model, reading.prompt()), reading.block(), last, _ -> {});
      session.feed(tokens(model, reading.written()), 1, last, _ -> {});
      return session.cacheBytes();
    }
  }

  private static int[] tokens(Model model, int count) {
    return new Random(7).ints(count, 0, model.config().textVocabSize()).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 6, 32, 48, 64, 80, 96, 128, 256})
  void aPageIsAsLargeAsTheKernelsLayItOut(int headDim) {
    for (String type : TYPES) {
      CacheType cacheType = CacheType.parse(type);
      CacheTypes planned = new CacheTypes(cacheType.keys(), cacheType.values());
      var heads = new AttentionConfig(6, 3, headDim, 1, 0, AttentionConfig.QkNorm.NONE, false);
      assertThat(planned.pageBytes(heads)).isEqualTo(cacheType.layout(3, headDim).bytes());
    }
    assertThat(CacheTypes.PAGE).isEqualTo(Kernels.TILE);
  }
}
