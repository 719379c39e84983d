package dev.farspan.evaluation.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.Bands;
import dev.farspan.evaluation.Comparison;
import dev.farspan.evaluation.ComparisonListener;
import dev.farspan.evaluation.CurveStore;
import dev.farspan.evaluation.cells.Cell;
import dev.farspan.evaluation.cells.CellDirectory;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.MemoryCells;
import dev.farspan.evaluation.cells.RunHeader;
import dev.farspan.evaluation.report.PerplexityReport;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The model has 257 tokens and was trained for 64.
class PerplexityRunTest {
  private static final RunHeader HEADER =
      new RunHeader(
          Labels.of("kind", Perplexities.KIND)
              .and("trained_length", 64)
              .and("protocol", "sliding")
              .and("stride", 8)
              .and("cache_type", "f32"),
          Labels.of("mean", Weighting.TOKENS));

  private static Model model;

  @TempDir private Path directory;

  @BeforeAll
  static void open() {
    model = Model.open(Path.of("../runtime/src/test/resources/golden/tiny/llama-default"), 1);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Corpus corpus(OptionalInt begin, int... lengths) {
    Random random = new Random(5);
    List<Document> documents = new ArrayList<>();
    for (int length : lengths) {
      documents.add(new Document("d" + length, random.ints(length, 0, 257).toArray()));
    }
    return new Corpus(documents, begin);
  }

  private static PerplexityPlan plan(Protocol protocol, Integer... lengths) {
    return new PerplexityPlan(
        protocol,
        List.of(lengths),
        8,
        Integer.MAX_VALUE,
        List.of(MethodSpec.parse("none"), MethodSpec.parse("yarn:factor=2")),
        CacheType.F32);
  }

  private static Perplexities measure(Corpus corpus, PerplexityPlan plan) {
    MemoryCells cells = Cells.inMemory();
    new PerplexityRun(model.decoder(), corpus, plan).run(cells, _ -> {});
    return Perplexities.of(cells.run(HEADER));
  }

  /// What `farspan compare` measures on the same tokens.
  private static double mean(int[] tokens) {
    return Comparison.of(model.decoder(), tokens, Bands.doubling(tokens.length), CacheType.F32)
        .run(List.of(MethodSpec.parse("none")), CurveStore.NONE, ComparisonListener.NONE)
        .getFirst()
        .mean();
  }

  @Test
  void theWholeProtocolGivesTheLossOfTheFirstTokens() {
    Corpus corpus = corpus(OptionalInt.empty(), 100);
    PerplexityRow row = measure(corpus, plan(Protocol.WHOLE, 80)).rows().getFirst();
    int[] first = Arrays.copyOf(corpus.documents().getFirst().tokens(), 80);
    // sums in another order
    assertThat(row.loss()).isCloseTo(mean(first), within(1e-9));
    assertThat(row.tokens()).isEqualTo(79);
  }

  @Test
  void aSlidingWindowAddsTheLossesOfFreshPassesOverEachWindow() {
    int[] tokens = corpus(OptionalInt.empty(), 40).documents().getFirst().tokens();
    PerplexityRow row =
        measure(corpus(OptionalInt.empty(), 40), plan(Protocol.SLIDING, 32)).rows().getFirst();
    // tokens 0-31 whole, then the last 8 of tokens 8-39
    double whole = 31 * mean(Arrays.copyOf(tokens, 32));
    double last =
        31 * mean(Arrays.copyOfRange(tokens, 8, 40)) - 23 * mean(Arrays.copyOfRange(tokens, 8, 32));
    assertThat(row.tokens()).isEqualTo(39);
    assertThat(39 * row.loss()).isCloseTo(whole + last, within(1e-3)); // float32 passes
  }

  @Test
  void everyChunkOfLlamasProtocolBeginsWithTheTokenThatBeginsTexts() {
    Corpus corpus = corpus(OptionalInt.of(256), 64);
    PerplexityRow row = measure(corpus, plan(Protocol.LLAMA, 32)).rows().getFirst();
    double sum = 0;
    for (int from = 0; from < 64; from += 32) {
      int[] chunk = Arrays.copyOfRange(corpus.documents().getFirst().tokens(), from, from + 32);
      chunk[0] = 256;
      sum += 31 * mean(chunk) - 16 * mean(Arrays.copyOf(chunk, 17));
    }
    assertThat(row.tokens()).isEqualTo(30);
    assertThat(30 * row.loss()).isCloseTo(sum, within(1e-3)); // float32 passes
  }

  @Test
  void theMeanOfWindowsGivesAShortWindowTheWeightOfALongOne() {
    Corpus corpus = corpus(OptionalInt.empty(), 20);
    MemoryCells cells = Cells.inMemory();
    new PerplexityRun(model.decoder(), corpus, plan(Protocol.WHOLE, 20)).run(cells, _ -> {});
    RunHeader windows = new RunHeader(HEADER.identity(), Labels.of("mean", Weighting.WINDOWS));
    int[] tokens = corpus.documents().getFirst().tokens();
    double to8 = 7 * mean(Arrays.copyOf(tokens, 8));
    double to16 = 15 * mean(Arrays.copyOf(tokens, 16));
    double to20 = 19 * mean(tokens);
    assertThat(Perplexities.of(cells.run(windows)).rows().getFirst().loss())
        .isCloseTo((to8 / 7 + (to16 - to8) / 8 + (to20 - to16) / 4) / 3, within(1e-4));
  }

  private static PerplexityPlan plan(Protocol protocol, String method, Integer... lengths) {
    return new PerplexityPlan(
        protocol,
        List.of(lengths),
        8,
        Integer.MAX_VALUE,
        List.of(MethodSpec.parse(method)),
        CacheType.parse("q8_0"));
  }

  /// Losses and sizes by length, without times.
  private static String losses(Corpus corpus, PerplexityPlan plan) {
    return measure(corpus, plan).rows().stream()
        .map(
            row ->
                row.length()
                    + " "
                    + row.loss()
                    + " "
                    + row.tokens()
                    + " "
                    + row.cost().cacheBytes())
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "none, 100",
    "'streaming:sinks=4,window=28', 100",
    "dynamic-yarn, 100",
    "'dynamic-yarn:whole=true,stages=exact', 237", // each length has a stage of its own
    "auto, 100",
  })
  void lengthsThatBeginAlikeAreReadOnce(String method, int tokens) {
    Corpus corpus = corpus(OptionalInt.empty(), 110);
    PerplexityPlan all = plan(Protocol.WHOLE, method, 50, 87, 100);
    PerplexityRun run = new PerplexityRun(model.decoder(), corpus, all);
    assertThat(run.tokens(Cells.inMemory())).isEqualTo(tokens);
    assertThat(losses(corpus, all))
        .isEqualTo(
            IntStream.of(50, 87, 100)
                .mapToObj(length -> losses(corpus, plan(Protocol.WHOLE, method, length)))
                .collect(Collectors.joining("\n")));
  }

  @Test
  void theFirstWindowsOfSlidingLengthsAreReadOnce() {
    Corpus corpus = corpus(OptionalInt.empty(), 48);
    PerplexityPlan all = plan(Protocol.SLIDING, "none", 16, 32);
    // 32 tokens at first, then 4 windows of 16 and 2 of 32
    assertThat(new PerplexityRun(model.decoder(), corpus, all).tokens(Cells.inMemory()))
        .isEqualTo(32 + 4 * 16 + 2 * 32);
    assertThat(losses(corpus, all))
        .isEqualTo(
            losses(corpus, plan(Protocol.SLIDING, "none", 16))
                + "\n"
                + losses(corpus, plan(Protocol.SLIDING, "none", 32)));
  }

  /// A store that ends the run, as a kill does, after some measurements.
  private record Killed(Cells cells, int[] left) implements Cells {
    @Override
    public Optional<JsonNode> find(Labels key) {
      return cells.find(key);
    }

    @Override
    public void keep(Cell cell) {
      if (left[0]-- == 0) {
        throw new IllegalStateException("killed");
      }
      cells.keep(cell);
    }
  }

  @Test
  void aRunKilledTwiceAndResumedGivesTheReportOfOneMadeInOneGo() {
    Corpus corpus = corpus(OptionalInt.empty(), 100, 70);
    PerplexityRun run = new PerplexityRun(model.decoder(), corpus, plan(Protocol.SLIDING, 32, 64));
    Path killed = directory.resolve("killed");
    for (int kept : new int[] {3, 9}) {
      try (CellDirectory cells = CellDirectory.open(killed, HEADER, _ -> {})) {
        int[] left = {kept};
        assertThatThrownBy(() -> run.run(new Killed(cells, left), _ -> {})).hasMessage("killed");
      }
    }
    try (CellDirectory cells = CellDirectory.open(killed, HEADER, _ -> {})) {
      assertThat(cells.size()).isEqualTo(12);
      run.run(cells, _ -> {});
      assertThat(run.tokens(cells)).isZero();
    }
    Path whole = directory.resolve("whole");
    try (CellDirectory cells = CellDirectory.open(whole, HEADER, _ -> {})) {
      run.run(cells, _ -> {});
    }
    assertThat(timeless(killed)).isEqualTo(timeless(whole)).contains("\"results\"");
  }

  private static String timeless(Path out) {
    var run = CellDirectory.read(out, _ -> {}).getFirst();
    return new PerplexityReport(run, Perplexities.of(run))
        .json()
        .replaceAll("\"seconds\" : [0-9.E-]+", "");
  }

  @Test
  void progressReachesWhatWasToBeRead() {
    Corpus corpus = corpus(OptionalInt.empty(), 40);
    PerplexityRun run = new PerplexityRun(model.decoder(), corpus, plan(Protocol.SLIDING, 16, 32));
    MemoryCells cells = Cells.inMemory();
    long[] last = {0};
    long total = run.tokens(cells);
    run.run(
        cells,
        at -> {
          assertThat(at).isGreaterThanOrEqualTo(last[0]);
          last[0] = at;
        });
    // the last target of a pass is not read
    assertThat(last[0]).isEqualTo(total - 1);
  }
}
