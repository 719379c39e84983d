package dev.farspan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.engine.GenerationListener;
import dev.farspan.runtime.engine.GenerationRequest;
import dev.farspan.runtime.engine.GenerationResult;
import dev.farspan.runtime.engine.Generator;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.engine.Overflow;
import dev.farspan.runtime.kvcache.CacheType;
import dev.farspan.runtime.sample.SamplingOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Two published models against what transformers computes from the same weights in float32.
@Tag("model")
class RealModelsTest {
  private static final int THREADS = 2;

  private static int[] ids(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }

  private static double loss(Model model, String method, int[] ids, int block) {
    Losses losses = new Losses(ids, 0, model.config().vocabSize());
    try (Session session =
        model.session(MethodSpec.parse(method), ids.length, ids.length, CacheType.F32)) {
      session.feed(ids, block, losses, _ -> {});
    }
    return losses.mean();
  }

  private static GenerationResult greedy(Model model, String method, int[] prompt, int tokens) {
    GenerationRequest request =
        new GenerationRequest(
            Arrays.stream(prompt).boxed().toList(),
            tokens,
            new GenerationRequest.Context(
                MethodSpec.parse(method), 0, Overflow.ERROR, CacheType.F16),
            SamplingOptions.GREEDY,
            List.of(),
            512);
    return new Generator(model).generate(request, new GenerationListener() {});
  }

  private static void agrees(Path file, JsonNode golden, double tolerance) {
    try (Model model = Model.open(file, THREADS)) {
      JsonNode nll = golden.get("nll");
      assertThat(loss(model, "file", ids(nll.get("ids")), 512))
          .isCloseTo(nll.get("mean").asDouble(), within(tolerance));
      JsonNode expected = golden.get("greedy");
      int[] continuation = ids(expected.get("ids"));
      GenerationResult result =
          greedy(model, "file", ids(expected.get("prompt_ids")), continuation.length);
      String text = model.tokenizer().decode(continuation);
      assertThat(text).startsWith(result.text());
      assertThat(result.generatedTokens()).isEqualTo(continuation.length);
    }
  }

  @Test
  void smolLm2AgreesWithTransformers() {
    agrees(RealFiles.smollm2(), GoldenData.json(GoldenData.ROOT.resolve("smollm2.json")), 0.005);
  }

  @Test
  void gemma3AgreesWithTransformers() {
    agrees(RealFiles.gemma3(), GoldenData.json(GoldenData.ROOT.resolve("gemma3.json")), 0.01);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "none"})
  void aShortPromptIsTheBaseModelBitForBit(String method) {
    int[] ids = ids(GoldenData.json(GoldenData.ROOT.resolve("smollm2.json")).get("nll").get("ids"));
    int[] some = Arrays.copyOf(ids, 200);
    try (Model model = Model.open(RealFiles.smollm2(), THREADS)) {
      int vocab = model.config().vocabSize();
      float[] base = new float[some.length * vocab];
      float[] same = new float[some.length * vocab];
      feed(model, "none", some, Runs.every(vocab, base));
      feed(model, method, some, Runs.every(vocab, same));
      assertThat(Arrays.equals(same, base)).isTrue();
    }
  }

  private static void feed(Model model, String method, int[] ids, LogitsSink sink) {
    // auto is told of a length beyond the trained one, so that it does choose scaling.
    try (Session session =
        model.session(MethodSpec.parse(method), ids.length, 12_000, CacheType.F32)) {
      session.feed(ids, 64, sink, _ -> {});
    }
  }

  @Test
  void theSlidingWindowsOfGemma3KeepTheirCacheBounded() {
    int[] ids = ids(GoldenData.json(GoldenData.ROOT.resolve("gemma3.json")).get("nll").get("ids"));
    int[] many = IntStream.range(0, 4096).map(i -> ids[i % ids.length]).toArray();
    try (Model model = Model.open(RealFiles.gemma3(), THREADS);
        Session session =
            model.session(MethodSpec.parse("file"), many.length, many.length, CacheType.F16)) {
      session.feed(Arrays.copyOf(many, 2048), 256, LogitsSink.NONE, _ -> {});
      long half = session.cacheBytes();
      session.feed(Arrays.copyOfRange(many, 2048, 4096), 256, LogitsSink.NONE, _ -> {});
      var attention = model.config().attention();
      long full = model.config().layers().stream().filter(layer -> layer.window() == 0).count();
      // Only the layers with full attention grow: 2 bytes for each key and value of 2,048
      // positions.
      assertThat(session.cacheBytes() - half).isEqualTo(full * 2048 * 2 * 2 * attention.kvSize());
    }
  }
}
