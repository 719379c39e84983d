package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.kvcache.CacheType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The model was trained for 64 tokens; a token is a byte.
class EvalPerplexityTest {
  @TempDir Path directory;
  private Path model;
  private Path text;

  @BeforeEach
  void prepare() throws IOException {
    model = Golden.withTokenizer("llama-default", directory);
    text = Files.writeString(directory.resolve("text.txt"), "The quick brown fox. ".repeat(10));
  }

  private Terminal.Outcome run(Object... words) {
    return Terminal.withStore(directory).run(words);
  }

  private void fails(int exit, String sentence, Object... words) {
    run(words).hasFailed(exit, sentence);
  }

  @Test
  void theTableHasARowForEachMethodAndLengthUnderTheWinner() {
    var outcome =
        run(
            "eval",
            "perplexity",
            model,
            "--file",
            text,
            "--lengths",
            "64,128",
            "--methods",
            "none,yarn:factor=2");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).startsWith("At 128 tokens ").contains("yarn:factor=2");
    assertThat(outcome.out().lines().filter(line -> line.matches(" +(64|128)  .*"))).hasSize(4);
  }

  @Test
  void aLaterRunGoesOnWithWhatIsThereAndTheReportCanBeMadeAgain() throws IOException {
    Object[] words = {
      "eval",
      "perplexity",
      model,
      "--file",
      text,
      "--lengths",
      "32",
      "--protocol",
      "sliding",
      "--stride",
      "8",
      "--method",
      "none",
      "--out",
      directory.resolve("out"),
      "--json"
    };
    var first = run(words);
    assertThat(first.exit()).as(first.err()).isZero();
    var results = JsonMapper.shared().readTree(first.out()).path("results");
    assertThat(results).hasSize(1);
    assertThat(results.path(0).path("tokens").intValue()).isEqualTo(209);
    Path out = directory.resolve("out");
    assertThat(out.resolve("results.json")).exists();
    String page = Files.readString(out.resolve("report.html"));
    var second = run(words);
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(second.err()).contains("24 measurements are there from before");
    Files.delete(out.resolve("report.html"));
    var again = run("eval", "report", out);
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(Files.readString(out.resolve("report.html"))).isEqualTo(page);
  }

  @Test
  void typesOfTheCacheAreComparedWithF32() {
    Object[] words = {
      "eval", "kv", model, "--file", text, "--tokens", 200, "--types", "f16,q4_0", "--json"
    };
    var outcome = run(words);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    var results = JsonMapper.shared().readTree(outcome.out()).path("results");
    assertThat(results.findValuesAsString("cache_type")).containsExactly("f32", "f16", "q4_0");
    assertThat(results.path(1).path("kl").doubleValue())
        .isLessThan(results.path(2).path("kl").doubleValue());
    fails(
        1,
        "210 tokens where 4,096 are needed",
        "eval",
        "kv",
        model,
        "--file",
        text,
        "--tokens",
        "4k");
    fails(
        2,
        "--tokens must be at least 2, got 1",
        "eval",
        "kv",
        model,
        "--file",
        text,
        "--tokens",
        1);
    fails(2, "'f8' is no type", "eval", "kv", model, "--file", text, "--types", "f8");
  }

  @Test
  void badInputGetsOneSentence() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Path binary = Files.write(directory.resolve("binary"), new byte[] {1, 0, 2});
    Object[] head = {"eval", "perplexity", model, "--method", "none"};
    fails(1, "holds no text file", with(head, "--lengths", 64, "--file", empty));
    fails(1, "is a binary file", with(head, "--lengths", 64, "--file", binary));
    fails(
        1,
        "210 tokens where a length of 256 needs 256",
        with(head, "--lengths", 256, "--file", text));
    fails(2, "name a text with --file", with(head, "--lengths", 64));
    fails(2, "is too short", with(head, "--lengths", 2, "--file", text));
    Object[] sliding = with(head, "--lengths", 64, "--file", text, "--protocol", "sliding");
    fails(2, "take a length above the stride", with(sliding, "--stride", 64));
    fails(2, "'--limit': must be at least 1", with(sliding, "--limit", 0));
    assertThat(directory.resolve("out")).doesNotExist();
  }

  @Test
  void moreTokensThanThereAreAreNoted() {
    var outcome =
        run(
            "eval",
            "perplexity",
            model,
            "--file",
            text,
            "--lengths",
            64,
            "--method",
            "none",
            "--tokens",
            "1k");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .contains("text.txt has 210 tokens, fewer than the 1,024 of --tokens: all of it is taken");
  }

  @Test
  void aLengthBeyondMemoryIsRefused() {
    try (Model opened = Model.open(model, 1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  CacheRoom.require(
                      opened.config(), MethodSpec.parse("none"), 1 << 20, CacheType.F16, 1 << 20))
          .withMessageContaining("the f16 cache of 1,048,576 tokens under 'none' takes ")
          .withMessageContaining("where 1.0 MB of memory are free");
    }
  }

  private static Object[] with(Object[] head, Object... more) {
    Object[] all = Arrays.copyOf(head, head.length + more.length);
    System.arraycopy(more, 0, all, head.length, more.length);
    return all;
  }
}
