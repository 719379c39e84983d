package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuneTest {
  private static final String SCRATCH =
      """
      scratch.vocab = 300
      scratch.hidden = 32
      scratch.intermediate = 64
      scratch.layers = 1
      scratch.heads = 2
      scratch.kv-heads = 2
      scratch.length = 32
      scratch.theta = 10000
      examples = trainedx2
      steps = 4
      rate = 1e-2
      checkpoint.every = 2
      """;
  private static final String TUNE =
      "extension = linear\nexamples = targetx1\nsteps = 2\nrate = 1e-3\n";

  @TempDir Path directory;
  private Path text;
  private Path scratch;
  private Path tune;

  @BeforeEach
  void prepare() throws IOException {
    text = Files.writeString(directory.resolve("t.txt"), "The quick brown fox. ".repeat(200));
    scratch = Files.writeString(directory.resolve("scratch.recipe"), SCRATCH);
    tune = Files.writeString(directory.resolve("tune.recipe"), TUNE);
  }

  private Terminal.Outcome run(Object... words) {
    return Terminal.withStore(directory).run(words);
  }

  private void fails(int exit, String sentence, Object... words) {
    run(words).hasFailed(exit, sentence);
  }

  @Test
  void aModelIsMadeFromNothingThenExtendedRunAndShipped() {
    Path small = directory.resolve("small");
    var made = run("tune", "--recipe", scratch, "--data", text, "--out", small, "--threads", 1);
    assertThat(made.exit()).as(made.err()).isZero();
    assertThat(made.out()).isEqualTo(small + System.lineSeparator());
    assertThat(made.err()).contains("4 steps on a model of").contains("step 4 of 4: loss ");
    fails(1, "--resume", "tune", "--recipe", scratch, "--data", text, "--out", small);
    Path longer = directory.resolve("longer");
    var tuned =
        run(
            "tune",
            "small",
            "--recipe",
            tune,
            "--target",
            64,
            "--data",
            text,
            "--out",
            longer,
            "--threads",
            1);
    assertThat(tuned.exit()).as(tuned.err()).isZero();
    var generated = run("generate", longer, "-p", "The quick", "--max-tokens", 3, "--quiet");
    assertThat(generated.exit()).as(generated.err()).isZero();
    Path shipped = directory.resolve("shipped");
    var exported = run("export", longer, "--format", "hf", "--out", shipped, "--quiet");
    assertThat(exported.exit()).as(exported.err()).isZero();
    assertThat(shipped.resolve("README.md"))
        .content()
        .contains("| recipe | " + tune + " |", "| data | t.txt |", "| steps | 2 |", "by 2");
  }

  @Test
  void aGgufFileIsTunedIntoADirectory() {
    Path small = directory.resolve("small");
    var made = run("tune", "--recipe", scratch, "--data", text, "--out", small, "-t", 1);
    assertThat(made.exit()).as(made.err()).isZero();
    Path file = directory.resolve("small.gguf");
    var exported = run("export", small, "--format", "gguf", "--out", file, "--quiet");
    assertThat(exported.exit()).as(exported.err()).isZero();
    Path longer = directory.resolve("longer");
    Object[] words = {
      "tune", "small.gguf", "--recipe", tune, "--target", 64, "--data", text, "-t", 1, "--out"
    };
    var tuned = run(Stream.concat(Stream.of(words), Stream.of(longer)).toArray());
    assertThat(tuned.exit()).as(tuned.err()).isZero();
    var generated = run("generate", longer, "-p", "The quick", "--max-tokens", 3, "--quiet");
    assertThat(generated.exit()).as(generated.err()).isZero();
    run(Stream.concat(Stream.of(words), Stream.of(file)).toArray())
        .hasFailed(1, "small.gguf is a file: name a directory with --out");
    run(Stream.concat(Stream.of(words), Stream.of(small)).toArray())
        .hasFailed(1, "small holds a run already: go on with --resume, or name another --out");
  }

  @Test
  void aPlaceThatIsNotTheRunsIsLeftAlone() throws IOException {
    Path out = Files.createDirectory(directory.resolve("out"));
    Object[] words = {"tune", "--recipe", scratch, "--data", text, "--out", out, "-t", 1};
    Object[] resumed = Stream.concat(Stream.of(words), Stream.of("--resume")).toArray();
    fails(1, "there is no checkpoint in " + out + ": leave --resume out", resumed);
    Path results = Files.writeString(out.resolve("results.json"), "{}");
    fails(1, "out holds something else, such as results.json: name a new directory", words);
    assertThat(out).isDirectoryNotContaining(file -> !file.equals(results));
    Files.delete(results);
    // What a run that was killed before its first checkpoint leaves.
    Files.writeString(out.resolve("config.json"), "{}");
    Files.writeString(out.resolve(".checkpoint.safetensors.1.tmp"), "");
    var again = run(words);
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(out.resolve("model.safetensors")).exists();
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    Path out = directory.resolve("out");
    fails(2, "name a MODEL", "tune", "--recipe", tune, "--data", text, "--out", out);
    fails(2, "--target", "tune", "small", "--recipe", tune, "--data", text, "--out", out);
    fails(2, "no MODEL", "tune", "small", "--recipe", scratch, "--data", text, "--out", out);
    fails(1, "there is no text", "tune", "--recipe", scratch, "--data", out, "--out", out);
    Path empty = Files.writeString(directory.resolve("empty.txt"), "\n");
    fails(1, "empty.txt is empty", "tune", "--recipe", scratch, "--data", empty, "--out", out);
    Path binary = Files.write(directory.resolve("binary"), new byte[] {65, 0});
    fails(
        1, "binary is a binary file", "tune", "--recipe", scratch, "--data", binary, "--out", out);
    fails(1, "there is no recipe", "tune", "--recipe", "none", "--data", text, "--out", out);
    assertThat(out).doesNotExist();
  }
}
