package dev.farspan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.runtime.decode.LogitsSink;
import dev.farspan.runtime.decode.Session;
import dev.farspan.runtime.kvcache.CacheType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Landmark attention on a model with random weights, L = 64, blocks of 5 and the landmark 256.
class LandmarkTest {
  private static final Path PLAIN = GoldenData.ROOT.resolve("tiny/llama-default");
  private static final int VOCAB = 257;
  private static final int LANDMARK = 256;
  private static final int BLOCK = 5;

  /// Other summation orders of the same terms in float32, through three layers.
  private static final double ROUNDING = 1e-4;

  @TempDir static Path directory;
  private static Runs fast;
  private static Runs reference;

  @BeforeAll
  static void open() throws IOException {
    Path model = landmarks(PLAIN, directory.resolve("model"));
    fast = Runs.fast(model);
    reference = Runs.reference(model);
  }

  /// Makes a copy of a model whose last token is a landmark.
  private static Path landmarks(Path source, Path to) throws IOException {
    Files.createDirectories(to);
    Files.copy(source.resolve("model.safetensors"), to.resolve("model.safetensors"));
    String config = Files.readString(source.resolve("config.json"));
    String section = "{\"farspan\": {\"landmark\": {\"block\": 5, \"token\": 256}},";
    Files.writeString(to.resolve("config.json"), config.replaceFirst("\\{", section));
    return to;
  }

  @AfterAll
  static void close() {
    fast.close();
    reference.close();
  }

  private static int[] ids(int count) {
    return new Random(20261128).ints(count, 3, LANDMARK).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "'landmark:topk=2,local=1', 250, 64, f32",
    "'landmark:topk=2,local=1', 250, 64, f16",
    "'landmark:topk=0,local=0', 100, 100, f32",
    "'landmark:topk=3,local=0', 250, 13, f32",
    "'landmark:topk=1,local=3', 193, 1, f32",
    "'yarn:factor=3+landmark:topk=4,local=4', 200, 64, f32",
    "'dynamic-yarn+landmark:topk=20,local=3', 250, 64, f32",
    "'landmark', 3, 64, f32"
  })
  void theFastPathAgreesWithTheReference(String method, int length, int block, String type) {
    CacheType cache = CacheType.parse(type);
    float[] plain = reference.logits(method, ids(length), block, cache);
    // F16 rounds both alike, but a value near the middle of two may go either way after a layer.
    assertThat(Runs.maxDifference(fast.logits(method, ids(length), block, cache), plain))
        .isLessThan(type.equals("f32") ? ROUNDING : 5e-3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32", "f16", "q8_0"})
  void aResultDoesNotDependOnTheBlocksOfTheFeed(String type) {
    String method = "landmark:topk=2,local=1";
    CacheType cache = CacheType.parse(type);
    float[] whole = fast.logits(method, ids(200), 300, cache);
    assertThat(fast.logits(method, ids(200), 64, cache)).isEqualTo(whole);
    assertThat(fast.logits(method, ids(200), 7, cache)).isEqualTo(whole);
    if (type.equals("f32")) { // decode rounds otherwise, and a rounder cache makes more of that
      assertThat(Runs.maxDifference(fast.logits(method, ids(200), 1, cache), whole))
          .isLessThan(ROUNDING);
    }
  }

  @Test
  void whatIsDecodedIsWhatAFreshPassComputes() {
    int[] ids = ids(40);
    float[] cached = fast.logits("landmark:topk=1,local=1", ids, 64);
    for (int n = 1; n <= ids.length; n++) {
      float[] fresh = fast.logits("landmark:topk=1,local=1", Arrays.copyOf(ids, n), 64);
      assertThat(fresh).isEqualTo(Arrays.copyOf(cached, n * VOCAB));
    }
  }

  /// As a generation does: a prompt in blocks, its continuation token by token, then another one.
  /// Every old block is retrieved: between nearly equal landmarks, which random weights have many
  /// of, the other rounding of decode may choose otherwise.
  @Test
  void tokensWrittenAfterAPromptAreThoseOfOnePass() {
    String method = "landmark:topk=100,local=1";
    int[] ids = ids(260);
    float[] whole = fast.logits(method, ids, 64);
    try (Session session = fast.session(method, ids.length, CacheType.F32)) {
      for (int prompt : new int[] {150, 151, 154, 155, 199, 200, 201}) {
        session.rewind(session.rewindable(Math.min(session.position(), prompt - 50)));
        float[] own = new float[whole.length];
        LogitsSink sink = Runs.every(VOCAB, own);
        int from = session.position();
        session.feed(Arrays.copyOfRange(ids, from, prompt), 64, sink, _ -> {});
        for (int i = prompt; i < prompt + 50; i++) {
          session.feed(new int[] {ids[i]}, 1, sink, _ -> {});
        }
        assertThat(
                Runs.maxDifference(
                    Arrays.copyOfRange(own, from * VOCAB, (prompt + 50) * VOCAB),
                    Arrays.copyOfRange(whole, from * VOCAB, (prompt + 50) * VOCAB)))
            .isLessThan(ROUNDING);
      }
    }
  }

  @Test
  void withEveryBlockRetrievedItIsTheFullGroupedSoftmax() {
    float[] all = fast.logits("landmark:topk=100,local=0", ids(150), 64);
    assertThat(Runs.maxDifference(fast.logits("landmark:topk=0,local=100", ids(150), 64), all))
        .isLessThan(ROUNDING);
    assertThat(Runs.maxDifference(reference.logits("landmark:topk=100,local=0", ids(150), 64), all))
        .isLessThan(2e-4);
    assertThat(Runs.maxDifference(fast.logits("landmark:topk=1,local=1", ids(150), 64), all))
        .isGreaterThan(0.01);
  }

  @Test
  void insideTheFirstBlockItIsOrdinaryAttention() {
    int[] ids = ids(BLOCK);
    float[] own = fast.logits("landmark", ids, 64);
    int before = (BLOCK - 1) * VOCAB; // at the last token a landmark is read too
    assertThat(
            Runs.maxDifference(
                Arrays.copyOf(own, before), Arrays.copyOf(fast.logits("none", ids, 64), before)))
        .isLessThan(ROUNDING);
  }

  @Test
  void whatFollowsABlockIsExpectedAtItsLandmark() {
    int[] ids = ids(BLOCK);
    int[] withLandmark = Arrays.copyOf(ids, BLOCK + 1);
    withLandmark[BLOCK] = LANDMARK;
    float[] own = fast.logits("landmark", ids, 64);
    float[] plain = fast.logits("none", withLandmark, 64); // one block: ordinary attention
    assertThat(
            Runs.maxDifference(
                Arrays.copyOfRange(own, (BLOCK - 1) * VOCAB, BLOCK * VOCAB),
                Arrays.copyOfRange(plain, BLOCK * VOCAB, (BLOCK + 1) * VOCAB)))
        .isLessThan(ROUNDING);
  }

  @Test
  void positionsAndCountsAreThoseOfTheText() {
    List<Integer> asked = new ArrayList<>();
    List<Integer> told = new ArrayList<>();
    LogitsSink sink =
        new LogitsSink() {
          @Override
          public boolean wants(int position) {
            return true;
          }

          @Override
          public void accept(int position, float[] logits, int at) {
            asked.add(position);
          }
        };
    try (Session session = fast.session("landmark", 23, CacheType.F32)) {
      session.feed(ids(23), 6, sink, told::add);
      assertThat(session.position()).isEqualTo(23);
      session.feed(ids(2), 1, sink, told::add);
      assertThat(session.position()).isEqualTo(25);
    }
    assertThat(asked).isEqualTo(IntStream.range(0, 25).boxed().toList());
    assertThat(told).endsWith(23, 24, 25, 25).isSorted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32", "q8_0"})
  void goingBackLeavesNoTrace(String type) {
    String method = "landmark:topk=2,local=1,memory=60";
    int[] ids = ids(180);
    CacheType cache = CacheType.parse(type);
    float[] expected = fast.logits(method, ids, 300, cache);
    try (Session session = fast.session(method, ids.length, cache)) {
      for (int to : new int[] {0, 4, 5, 6, 53, 54, 63, 64, 120, 179}) {
        if (session.position() < ids.length) {
          feed(session, Arrays.copyOfRange(ids, session.position(), ids.length));
        }
        int kept = session.rewindable(to);
        assertThat(kept).isLessThanOrEqualTo(to).isGreaterThan(to - 70);
        session.rewind(kept);
        assertThat(session.position()).isEqualTo(kept);
        float[] again = new float[expected.length];
        session.feed(
            Arrays.copyOfRange(ids, kept, ids.length), 64, Runs.every(VOCAB, again), _ -> {});
        assertThat(Arrays.copyOfRange(again, kept * VOCAB, again.length))
            .isEqualTo(Arrays.copyOfRange(expected, kept * VOCAB, expected.length));
      }
    }
  }

  private static void feed(Session session, int[] tokens) {
    session.feed(tokens, 64, LogitsSink.NONE, _ -> {});
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32", "f16", "q8_0"})
  void whatLiesOnDiskIsReadAsItWas(String type) {
    CacheType cache = CacheType.parse(type);
    float[] inMemory = fast.logits("landmark:topk=2,local=1", ids(700), 64, cache);
    assertThat(fast.logits("landmark:topk=2,local=1,memory=70", ids(700), 64, cache))
        .isEqualTo(inMemory);
  }

  @Test
  void memoryStaysBoundedWhereTheRestGoesToDisk() {
    long bounded = bytes("landmark:topk=2,local=1,memory=128", 1000);
    assertThat(bytes("landmark:topk=2,local=1,memory=128", 2000)).isEqualTo(bounded);
    assertThat(bytes("landmark:topk=2,local=1", 2000)).isGreaterThan(5 * bounded);
  }

  private static long bytes(String method, int length) {
    try (Session session = fast.session(method, length, CacheType.F32)) {
      feed(session, ids(length));
      return session.cacheBytes();
    }
  }

  @Test
  void aModelWithoutLandmarksIsRefused() {
    try (Runs plain = Runs.fast(PLAIN)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> plain.session("landmark:topk=2", 9, CacheType.F32))
          .withMessageContaining("method 'landmark:topk=2' needs a model trained with landmarks")
          .withMessageContaining("--recipe landmark");
    }
  }

  @Test
  void theLandmarkIsNoTokenOfAText() {
    try (Session session = fast.session("landmark", 9, CacheType.F32)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> feed(session, new int[] {3, LANDMARK}))
          .withMessageContaining("token id 256 is the model's landmark");
      assertThat(session.position()).isZero();
    }
  }
}
