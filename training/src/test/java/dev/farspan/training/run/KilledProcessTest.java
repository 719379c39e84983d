package dev.farspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs that the system kills, and disks that take no more.
class KilledProcessTest {
  @TempDir Path directory;

  private static Process start(List<String> before, Path where) throws IOException {
    List<String> words = new ArrayList<>(before);
    words.addAll(OtherJava.command(KilledProcess.class));
    words.add(where.toString());
    return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /// What a process said until it was killed.
  private record Said(int firstStep, int lastCheckpoint) {}

  /// Kills a run some steps and some thousandths of a second after its start; what it had said by
  /// then is all that can be asked of it.
  private static Said kill(Path where, Random random) throws Exception {
    Process process = start(List.of(), where);
    int first = 0;
    int checkpoint = 0;
    int left = 1 + random.nextInt(25);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (!line.endsWith(" .")) {
          continue; // killed in the middle of it
        }
        String[] words = line.split(" ", -1);
        int step = Integer.parseInt(words[1]);
        if (words[0].equals("checkpoint")) {
          checkpoint = step;
        } else {
          first = first == 0 ? step : first;
          if (left-- == 0) {
            Thread.sleep(random.nextInt(5));
            process.toHandle().destroyForcibly(); // SIGKILL; what it said stays readable
          }
        }
      }
    }
    process.waitFor();
    return new Said(first, checkpoint);
  }

  private void killsAndFinishes(int kills) throws Exception {
    float[] unbroken = KilledProcess.run(Files.createDirectory(directory.resolve("whole")));
    Path broken = Files.createDirectory(directory.resolve("broken"));
    Random random = new Random(7);
    int kept = 0;
    for (int i = 0; i < kills; i++) {
      Said said = kill(broken, random);
      // It went on from the last checkpoint that was said, or from one that was finished unsaid.
      assertThat(said.firstStep()).isGreaterThan(kept);
      assertThat(said.firstStep() % KilledProcess.CHECKPOINT_EVERY).isEqualTo(1);
      kept = Math.max(said.lastCheckpoint(), said.firstStep() - 1);
    }
    assertThat(kept).isBetween(1, KilledProcess.STEPS - 1);
    assertThat(KilledProcess.run(broken)).isEqualTo(unbroken);
    try (var files = Files.list(broken)) {
      assertThat(files).containsExactly(broken.resolve(TrainingState.FILE));
    }
  }

  @Test
  void aKilledRunGoesOnFromItsLastCheckpoint() throws Exception {
    killsAndFinishes(2);
  }

  @Test
  @Tag("long")
  void twentyKillsLoseNoCheckpoint() throws Exception {
    killsAndFinishes(20);
  }

  /// A limit on the size of files ends a write as a full disk does: in the middle, with an error.
  @ParameterizedTest
  @ValueSource(ints = {0, 16}) // blocks of 1,024 bytes; the checkpoint has about 50
  void whereNoMoreCanBeWrittenTheLastCheckpointStays(int blocks) throws Exception {
    kill(directory, new Random(1));
    Path checkpoint = directory.resolve(TrainingState.FILE);
    byte[] before = Files.readAllBytes(checkpoint);
    List<String> limited = List.of("bash", "-c", "ulimit -f " + blocks + "; exec \"$@\"", "bash");
    Process process = start(limited, directory);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(3);
    assertThat(said.lines().toList().getLast())
        .contains("checkpoint.safetensors: cannot be written")
        .contains("File too large");
    assertThat(Files.readAllBytes(checkpoint)).isEqualTo(before);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(checkpoint);
    }
  }
}
