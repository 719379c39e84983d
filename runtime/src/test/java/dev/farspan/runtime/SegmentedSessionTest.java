package dev.farspan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.safetensors.SafetensorsWriter;
import dev.farspan.kernels.Kernels;
import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.kvcache.CacheType;
import dev.farspan.runtime.weights.Weights;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Memory tokens in the engine, on a model with random weights and memory tokens: 5 for 24 tokens.
class SegmentedSessionTest {
  private static final Path PLAIN = GoldenData.ROOT.resolve("tiny/llama-default");
  private static final int TOKENS = 5;
  private static final int SEGMENT = 24;
  private static final int VOCAB = 257;

  /// Other summation orders of the same terms in float32.
  private static final double ROUNDING = 1e-4;

  @TempDir static Path directory;
  private static Runs runs;

  @BeforeAll
  static void open() throws IOException {
    runs = Runs.fast(write(directory.resolve("memory")));
  }

  @AfterAll
  static void close() {
    runs.close();
  }

  private static Path write(Path out) throws IOException {
    Files.createDirectories(out);
    try (Checkpoint plain = Checkpoint.open(PLAIN)) {
      int hidden = plain.config().hiddenSize();
      Random random = new Random(3);
      float[] tokens = new float[TOKENS * hidden];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = (float) random.nextGaussian();
      }
      List<Tensor> tensors = new ArrayList<>(plain.tensors().values());
      tensors.add(Tensor.ofFloats(Weights.MEMORY_TOKENS, Shape.of(TOKENS, hidden), tokens));
      SafetensorsWriter.write(out.resolve("model.safetensors"), tensors, Map.of());
    }
    String config = Files.readString(PLAIN.resolve("config.json")).strip();
    Files.writeString(
        out.resolve("config.json"),
        config.substring(0, config.length() - 1)
            + ", \"farspan\": {\"memory_tokens\": {\"tokens\": %d, \"segment\": %d}}}"
                .formatted(TOKENS, SEGMENT));
    return out;
  }

  private static int[] ids(int count) {
    return MethodIdentitiesTest.ids(count);
  }

  private static float[] rows(float[] logits, int from, int to) {
    return Arrays.copyOfRange(logits, from * VOCAB, to * VOCAB);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"memory-tokens", "memory-tokens:keep=1", "memory-tokens:segment=17,keep=3"})
  void theResultDoesNotDependOnTheFeeding(String method) {
    for (CacheType type : new CacheType[] {CacheType.F32, CacheType.parse("q8_0")}) {
      float[] whole = runs.logits(method, ids(230), 230, type);
      assertThat(runs.logits(method, ids(230), 7, type)).isEqualTo(whole);
      assertThat(runs.logits(method, ids(230), 64, type)).isEqualTo(whole);
    }
    float[] whole = runs.logits(method, ids(230), 230);
    assertThat(Runs.maxDifference(whole, runs.logits(method, ids(230), 1))).isLessThan(ROUNDING);
  }

  @Test
  void theFastPathAgreesWithPlainAttention() throws IOException {
    try (Runs reference = Runs.reference(write(directory.resolve("again")))) {
      for (int block : new int[] {1, 64}) {
        float[] plain = reference.logits("memory-tokens", ids(150), block);
        float[] fast = runs.logits("memory-tokens", ids(150), block);
        assertThat(Runs.maxDifference(plain, fast)).isLessThan(ROUNDING);
      }
    }
  }

  @Test
  void aTextOfOneSegmentIsTheBaseModelBitForBit() {
    assertThat(runs.logits("memory-tokens", ids(SEGMENT), 64))
        .isEqualTo(runs.logits("none", ids(SEGMENT), 64));
  }

  @Test
  void withoutSummariesEverySegmentIsReadAlone() {
    float[] all = runs.logits("memory-tokens:keep=0", ids(80), 64);
    for (int from = 0; from < 80; from += SEGMENT) {
      int to = Math.min(80, from + SEGMENT);
      assertThat(rows(all, from, to))
          .isEqualTo(runs.logits("none", Arrays.copyOfRange(ids(80), from, to), 64));
    }
  }

  @Test
  void aSummaryTellsOfItsSegmentAndKeepSaysHowLong() {
    int[] ids = ids(3 * SEGMENT + 6);
    int[] other = ids.clone();
    other[2] = other[2] == 9 ? 10 : 9; // in the first segment
    for (int keep = 0; keep < 4; keep++) {
      String method = "memory-tokens:keep=" + keep;
      float[] a = runs.logits(method, ids, 64);
      float[] b = runs.logits(method, other, 64);
      double second =
          Runs.maxDifference(rows(a, SEGMENT, 2 * SEGMENT), rows(b, SEGMENT, 2 * SEGMENT));
      assertThat(second > 1e-5).as("second segment, keep=%d", keep).isEqualTo(keep >= 1);
    }
    float[] a = runs.logits("memory-tokens", ids, 64);
    assertThat(Runs.maxDifference(a, runs.logits("memory-tokens:keep=2", ids, 64)))
        .isGreaterThan(1e-5);
    assertThat(a).isEqualTo(runs.logits("memory-tokens:keep=3", ids, 64));
  }

  @Test
  void theCacheHoldsNoMoreThanSummariesASegmentAndItsMemoryTokens() {
    int keep = 3;
    int layers = runs.decoder().config().layers().size();
    long page =
        CacheType.F32
            .layout(
                runs.decoder().config().attention().kvHeads(),
                runs.decoder().config().attention().headDim())
            .bytes();
    long bound = layers * page * Math.ceilDiv(keep * TOKENS + SEGMENT + TOKENS, Kernels.TILE);
    int[] ids = ids(2000);
    try (Session session = runs.session("memory-tokens:keep=3", ids.length, CacheType.F32)) {
      for (int at = 0; at < ids.length; at += 40) {
        session.feed(Arrays.copyOfRange(ids, at, at + 40), 40, LogitsSink.NONE, _ -> {});
        assertThat(session.cacheBytes()).isPositive().isLessThanOrEqualTo(bound);
      }
      assertThat(session.position()).isEqualTo(ids.length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory-tokens", "memory-tokens:keep=2", "memory-tokens:segment=70"})
  void goingBackLeavesNoTrace(String method) {
    for (String type : new String[] {"f32", "q8_0"}) {
      Random random = new Random(7);
      CacheType cache = CacheType.parse(type);
      try (Session session = runs.session(method, 400, cache)) {
        int[] tokens = {};
        for (int round = 0; round < 12; round++) {
          int kept = session.rewindable(random.nextInt(tokens.length + 1));
          session.rewind(kept);
          assertThat(session.position()).isEqualTo(kept);
          int length = kept + 1 + random.nextInt(200 - Math.min(150, kept));
          int[] next = Arrays.copyOf(tokens, length);
          for (int i = kept; i < length; i++) {
            next[i] = 3 + random.nextInt(VOCAB - 3);
          }
          tokens = next;
          float[] logits = new float[tokens.length * VOCAB];
          session.feed(
              Arrays.copyOfRange(tokens, kept, length),
              2 + random.nextInt(90),
              Runs.every(VOCAB, logits),
              _ -> {});
          assertThat(rows(logits, kept, length))
              .as("%s, back to %d of %d", type, kept, length)
              .isEqualTo(rows(runs.logits(method, tokens, 64, cache), kept, length));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory-tokens", "memory-tokens:keep=1"})
  void aHeldPositionCanBeGoneBackTo(String method) {
    int[] prompt = ids(60);
    int[] answer = Arrays.copyOfRange(ids(200), 60, 200);
    try (Session session = runs.session(method, 200, CacheType.F32)) {
      session.feed(prompt, 64, LogitsSink.NONE, _ -> {});
      session.hold(60);
      float[] first = new float[200 * VOCAB];
      session.feed(answer, 64, Runs.every(VOCAB, first), _ -> {});
      assertThat(session.rewindable(60)).isEqualTo(60);
      session.rewind(60);
      float[] second = new float[200 * VOCAB];
      session.feed(answer, 64, Runs.every(VOCAB, second), _ -> {});
      assertThat(second).isEqualTo(first);
    }
  }

  @Test
  void whatIsForgottenIsSaid() {
    try (Session session = runs.session("memory-tokens:keep=1", 200, CacheType.F32)) {
      session.feed(ids(200), 64, LogitsSink.NONE, _ -> {});
      assertThat(session.rewindable(100)).isEqualTo(SEGMENT); // the end of the first segment
      assertThatIllegalArgumentException()
          .isThrownBy(() -> session.rewind(100))
          .withMessageContaining(
              "no longer holds the summaries that position 100 needs; go back to 24");
    }
  }

  @Test
  void aModelWithoutMemoryTokensIsRefused() {
    try (Runs plain = Runs.fast(PLAIN)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> plain.logits("memory-tokens", ids(9), 64))
          .withMessageContaining("needs a checkpoint with memory tokens");
    }
  }

  @Test
  void aCheckpointThatLacksWhatItsConfigurationSaysIsRefused() throws IOException {
    Path broken = write(directory.resolve("broken"));
    Files.copy(
        PLAIN.resolve("model.safetensors"),
        broken.resolve("model.safetensors"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> Runs.fast(broken))
        .hasMessageContaining("the checkpoint has no tensor 'farspan.memory_tokens.weight'");
  }
}
