package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `farspan tune --world-size 2`, as a shell starts it.
class TuneProcessesTest {
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
      rate = 1e-2
      checkpoint.every = 2
      """;

  @TempDir Path directory;
  private Path text;

  @BeforeEach
  void prepare() throws IOException {
    text = Files.writeString(directory.resolve("t.txt"), "The quick brown fox. ".repeat(200));
  }

  private List<Object> tune(String out, String more) throws IOException {
    Path recipe = Files.writeString(directory.resolve(out + ".recipe"), SCRATCH + more);
    return List.of(
        "tune", "--recipe", recipe, "--data", text, "--out", directory.resolve(out), "-t", 1);
  }

  private static Process start(List<Object> words, Object... more) throws IOException {
    String path =
        Stream.of("jdk.module.path", "java.class.path")
            .map(key -> System.getProperty(key, ""))
            .reduce("target/test-classes", (a, b) -> a + File.pathSeparator + b);
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(List.of("-Xmx256m", "--add-modules=jdk.incubator.vector"));
    all.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", path, Main.class.getName()));
    Stream.concat(words.stream(), Stream.of(more)).map(Object::toString).forEach(all::add);
    return new ProcessBuilder(all).start();
  }

  @Test
  void twoProcessesAreStartedAndOneModelIsWritten() throws Exception {
    Process process = start(tune("two", "examples = trainedx2\nsteps = 4\n"), "--world-size", 2);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(err).isZero();
    assertThat(out).isEqualTo(directory.resolve("two") + System.lineSeparator());
    assertThat(err)
        .contains("2 processes, 1 threads each", "4 steps on a model of")
        .containsOnlyOnce("step 4 of 4: loss ");
    // One process with twice the examples draws and sums the same, but in another order.
    var alone =
        Terminal.withStore(directory)
            .run(tune("one", "examples = trainedx4\nsteps = 4\n").toArray());
    assertThat(alone.exit()).as(alone.err()).isZero();
    List<String> wanted = Files.readAllLines(directory.resolve("one").resolve("loss.csv"));
    List<String> losses = Files.readAllLines(directory.resolve("two").resolve("loss.csv"));
    assertThat(losses).hasSameSizeAs(wanted).hasSize(5);
    for (int i = 1; i < losses.size(); i++) {
      assertThat(loss(losses.get(i))).isCloseTo(loss(wanted.get(i)), within(1e-4));
    }
    assertThat(directory.resolve("two").resolve("model.safetensors")).exists();
  }

  private static double loss(String line) {
    return Double.parseDouble(line.substring(line.indexOf(',') + 1));
  }

  @Test
  void aProcessThatIsKilledEndsTheOthersAndIsNamed() throws Exception {
    Process process =
        start(tune("endless", "examples = trainedx2\nsteps = 1000000\n"), "--world-size", 2);
    List<String> said = new ArrayList<>();
    try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        said.add(line);
        if (line.contains("step 4 of 1000000: loss")) {
          process.children().forEach(ProcessHandle::destroyForcibly);
        }
      }
    }
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(said.getLast())
        .isEqualTo(
            "farspan: rank 1 of 2 failed: signal 9 ended it; the others were ended, and the run"
                + " goes on from its last checkpoint with --resume");
    assertThat(directory.resolve("endless").resolve("checkpoint.safetensors")).exists();
  }

  @Test
  void wrongWordsAreSaid() throws Exception {
    Object[] words = tune("none", "examples = trainedx2\nsteps = 4\n").toArray();
    Terminal terminal = Terminal.withStore(directory);
    terminal
        .run(with(words, "--world-size", 0))
        .hasFailed(2, "'--world-size': must be at least 1, got 0");
    terminal
        .run(with(words, "--world-size", 2, "--rank", 1))
        .hasFailed(2, "--rank and --rendezvous go together");
    terminal
        .run(with(words, "--world-size", 2, "--rank", 2, "--rendezvous", "f"))
        .hasFailed(2, "--rank must be from 0 to 1, got 2");
    terminal
        .run(with(words, "--world-size", 2, "--rank", 1, "--rendezvous", "host:99999"))
        .hasFailed(1, "a rendezvous has a port from 1 to 65535, got host:99999");
    assertThat(directory.resolve("none")).doesNotExist();
  }

  private static Object[] with(Object[] words, Object... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray();
  }
}
