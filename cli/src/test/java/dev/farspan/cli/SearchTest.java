package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.training.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A search on a model of random weights, trained for 64 tokens; a token is a byte.
class SearchTest {
  @TempDir Path directory;
  private Path model;
  private Path text;

  @BeforeEach
  void prepare() throws IOException {
    model = Golden.withTokenizer("llama-default", directory);
    text = Files.writeString(directory.resolve("text.txt"), "In the beginning. ".repeat(40));
  }

  private Terminal.Outcome search(String name, int generations) {
    return Terminal.withStore(directory)
        .run(
            "search",
            model,
            "--file",
            text,
            "--target",
            160,
            "--samples",
            2,
            "--population",
            8,
            "--generations",
            generations,
            "--out",
            directory.resolve(name));
  }

  private static double loss(Terminal.Outcome outcome, String of) {
    String line = outcome.out().lines().filter(l -> l.startsWith(of)).findFirst().orElseThrow();
    return Double.parseDouble(line.substring(of.length()).strip().split(" ", 2)[0]);
  }

  @Test
  void whatItFindsIsNoWorseThanWhatItBeganWithAndCanBeUsed() throws IOException {
    var outcome = search("factors", 3);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    double found = loss(outcome, "searched");
    for (String known : List.of("linear's divisors", "ntk's divisors", "yarn's divisors")) {
      assertThat(found).isLessThanOrEqualTo(loss(outcome, known));
    }
    assertThat(outcome.err()).contains("generation 3 of 3: loss ");
    assertThat(Recipe.of(directory.resolve("factors/longrope.recipe").toString()).needsTarget())
        .isTrue();
    String method = outcome.out().lines().toList().getLast();
    assertThat(method).startsWith("--method longrope:short=@").endsWith(",factor=2.5");
    Path prompt = Files.writeString(directory.resolve("p.txt"), "x".repeat(150));
    String spec = method.substring("--method ".length());
    var generated =
        Terminal.withStore(directory)
            .run("generate", model, "--file", prompt, "--max-tokens", 2, "--method", spec);
    assertThat(generated.exit()).as(generated.err()).isZero();
    assertThat(generated.err()).contains("method longrope:");
  }

  @Test
  void aSearchGoesOnWhereItStopped() throws IOException {
    String whole = search("whole", 4).out();
    search("parts", 1);
    assertThat(measurements("parts")).isLessThan(measurements("whole"));
    String resumed = search("parts", 4).out();
    assertThat(resumed.replace("parts", "whole")).isEqualTo(whole);
    assertThat(directory.resolve("parts/long.txt"))
        .hasSameTextualContentAs(directory.resolve("whole/long.txt"));
    assertThat(measurements("parts")).isEqualTo(measurements("whole")); // none of them twice
  }

  private long measurements(String out) throws IOException {
    Path cells = directory.resolve(out).resolve("cells.jsonl");
    return Files.readAllLines(cells).stream().filter(line -> line.contains("longrope:")).count();
  }

  @Test
  void whatCannotBeSearchedIsRefusedBeforeAnythingIsWritten() {
    Path out = directory.resolve("none");
    Terminal terminal = Terminal.withStore(directory);
    Object[] words = {"search", model, "--file", text, "--target", 64, "--out", out};
    var outcome = terminal.run(words);
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("the model was trained for 64 tokens: give a longer --target");
    words[5] = 500;
    assertThat(terminal.run(words).err())
        .contains("the texts hold 1 windows of 500 tokens, 5 are needed");
    assertThat(out).doesNotExist();
  }
}
