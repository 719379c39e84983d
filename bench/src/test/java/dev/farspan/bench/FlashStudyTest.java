package dev.farspan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.bench.FlashStudy.Cost;
import dev.farspan.bench.FlashStudy.Row;
import dev.farspan.bench.MemoryMeter.Used;
import dev.farspan.kernels.Kernels;
import dev.farspan.kernels.Workers;
import dev.farspan.runtime.attention.ReferenceAttention;
import dev.farspan.runtime.kvcache.CacheType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlashStudyTest {
  private static final List<Row> ROWS =
      List.of(
          new Row(
              16_384,
              Optional.of(new Cost(8.25, new Used(1_100_000_000, 1_080_000_000))),
              new Cost(2.75, new Used(2_000_000, 1_500_000))),
          new Row(32_768, Optional.empty(), new Cost(0.5, new Used(3_000_000, 2_500_000))));

  @TempDir Path root;

  /// Float32 scores of magnitude 3 and a softmax over up to 150 keys against double precision.
  @Test
  void naiveAttentionIsTheSameFunction() {
    int tokens = 150;
    Random random = new Random(5);
    int size = AttentionLayer.config().querySize();
    float[] queries = Inputs.floats(random, tokens * size);
    float[] out = new float[queries.length];
    float[] expected = new float[queries.length];
    try (Workers workers = new Workers(2);
        AttentionLayer layer = new AttentionLayer(random, tokens, CacheType.F32, Kernels.best())) {
      new NaiveAttention(Kernels.best(), workers, tokens).attend(layer.cache(), queries, out);
      layer.attend(new ReferenceAttention(), queries, 0, tokens, expected);
    }
    assertThat(out).containsExactly(expected, within(2e-5f));
  }

  /// A float is 4 bytes, an array's header 16; other threads of the test may allocate a little.
  @Test
  void theMeterSeesWhatIsAllocated() {
    Used used = MemoryMeter.of(() -> assertThat(new float[5_000_000]).hasSize(5_000_000));
    assertThat(used.allocated()).isBetween(20_000_016L, 25_000_000L);
    assertThat(used.peak()).isBetween(20_000_000L, 60_000_000L);
  }

  @Test
  void thePageHasTheTableAndSaysWhatDoesNotFit() throws Exception {
    Files.createDirectories(root.resolve("docs/pictures"));
    Path page = root.resolve("docs/benchmarks.md");
    Files.writeString(page, "# A\n<!-- flash: begin -->\nold\n<!-- flash: end -->\nlast\n");
    new StudyPage(ROWS, 2, "panama", "bench/run flash-study").write(root);
    assertThat(page)
        .content()
        .startsWith("# A\n<!-- flash: begin -->\n\n![")
        .endsWith("\n<!-- flash: end -->\nlast\n")
        .doesNotContain("old")
        .contains("| 16,384 | 8.25 | 2.75 | 3.0 | 1.1 GB (1.1 GB) | 2.0 MB (1.5 MB) |\n")
        .contains("| 32,768 | - | 0.500 | - | does not fit: 4.3 GB of scores a head | 3.0 MB")
        .contains("38.7 GB at 32,768 tokens");
    byte[] svg = Files.readAllBytes(root.resolve("docs/pictures/flash-attention.svg"));
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg));
    assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(2 * (2 + 1));
    assertThat(new String(svg, StandardCharsets.UTF_8)).contains(">naive<").contains(">10 GB<");
  }

  @Test
  void aPageWithoutItsMarksIsLeftAlone() throws Exception {
    Files.createDirectories(root.resolve("docs/pictures"));
    Path page = Files.writeString(root.resolve("docs/benchmarks.md"), "nothing\n");
    assertThatIllegalStateException()
        .isThrownBy(() -> new StudyPage(ROWS, 2, "panama", "c").write(root))
        .withMessageContaining("<!-- flash: begin -->");
    assertThat(page).content().isEqualTo("nothing\n");
  }
}
