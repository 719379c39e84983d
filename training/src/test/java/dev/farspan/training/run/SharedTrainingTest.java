package dev.farspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.tensor.Tensor;
import dev.farspan.training.model.Torch;
import dev.farspan.training.model.TorchModel;
import dev.farspan.training.parallel.Alone;
import dev.farspan.training.parallel.GlooGroup;
import dev.farspan.training.parallel.Group;
import dev.farspan.training.parallel.LostProcessException;
import dev.farspan.training.parallel.Rendezvous;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Steps that this process and a second one share.
class SharedTrainingTest {
  /// The halves of a gradient are summed in another order, and eight steps carry the rounding of 32
  /// bits on.
  private static final float ROUNDING = 2e-4f;

  @TempDir Path directory;

  @BeforeAll
  static void oneThread() {
    Torch.threads(1);
  }

  private Process second(Rendezvous place, Path where, SharedRun... runs) throws IOException {
    String names = Stream.of(runs).map(SharedRun::name).collect(Collectors.joining(","));
    List<String> words = new ArrayList<>(OtherJava.command(SharedRun.class));
    words.addAll(List.of(place.toString(), where.toString(), names));
    return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static String said(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private Group meet(Rendezvous place) {
    return GlooGroup.join(place, 0, 2, SharedRun.PATIENCE);
  }

  /// What one process makes of all examples.
  private float[] alone(SharedRun run, Path where) throws IOException {
    try (TorchModel model = run.model(0)) {
      return run.run(model, new Alone(), Files.createDirectories(where), TrainingListener.NONE);
    }
  }

  private static void requireSame(float[] losses, float[] wanted) {
    assertThat(losses).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(losses[i]).as("step %d", i + 1).isCloseTo(wanted[i], within(ROUNDING));
    }
  }

  /// AdamW's running means are gradients in their own size, which its steps hardly depend on.
  private static void requireSameGradients(Path where, Path wanted) {
    try (SafetensorsFile shared = SafetensorsFile.open(where.resolve(TrainingState.FILE));
        SafetensorsFile alone = SafetensorsFile.open(wanted.resolve(TrainingState.FILE))) {
      List<Tensor> means =
          alone.tensors().values().stream().filter(t -> t.name().startsWith("mean/")).toList();
      assertThat(means).isNotEmpty();
      for (Tensor mean : means) {
        float[] expected = mean.toFloats();
        float[] found = shared.tensor(mean.name()).toFloats();
        float largest = 0;
        float farthest = 0;
        for (int i = 0; i < expected.length; i++) {
          largest = Math.max(largest, Math.abs(expected[i]));
          farthest = Math.max(farthest, Math.abs(expected[i] - found[i]));
        }
        // Where a gradient is near zero AdamW's step takes its rounding's sign for its direction.
        assertThat(farthest).as(mean.name()).isLessThanOrEqualTo(0.02f * largest);
      }
    }
  }

  @Test
  void twoProcessesMakeTheStepsThatOneMakesOfTwiceTheExamples() throws Exception {
    SharedRun[] runs = {SharedRun.WHOLE, SharedRun.PARTS, SharedRun.SEGMENTS, SharedRun.ADAPTERS};
    Rendezvous place = new Rendezvous.SharedFile(directory.resolve("meet"));
    Process second = second(place, directory, runs);
    List<String> digests = new ArrayList<>();
    try (Group group = meet(place)) {
      for (SharedRun run : runs) {
        float[] wanted = alone(run, directory.resolve(run + "-alone"));
        assertThat(wanted[7]).as("%s learns", run).isNotCloseTo(wanted[0], within(ROUNDING));
        Path where = Files.createDirectory(directory.resolve(run.name()));
        try (TorchModel model = run.model(0)) {
          requireSame(run.run(model, group, where, TrainingListener.NONE), wanted);
          requireSameGradients(where, directory.resolve(run + "-alone"));
          digests.add(run + " " + model.parameters().digest());
        }
      }
    }
    assertThat(said(second).lines()).isEqualTo(digests);
    assertThat(second.waitFor()).isZero();
  }

  @Test
  void whatAKilledProcessLeavesIsGoneOnWith() throws Exception {
    Rendezvous place = new Rendezvous.Port("127.0.0.1", freePort());
    Path where = Files.createDirectory(directory.resolve("ENDLESS"));
    Process second = second(place, directory, SharedRun.ENDLESS);
    List<Float> losses = new ArrayList<>();
    try (Group group = meet(place);
        TorchModel model = SharedRun.ENDLESS.model(0)) {
      TrainingListener killing =
          new TrainingListener() {
            @Override
            public void step(int step, double loss, long tokens) {
              losses.add((float) loss);
              if (step == 10) {
                second.toHandle().destroyForcibly(); // SIGKILL
              }
            }
          };
      assertThatThrownBy(() -> SharedRun.ENDLESS.run(model, group, where, killing))
          .isInstanceOf(LostProcessException.class)
          .hasMessageStartingWith("rank 0 of 2 has lost the others (")
          .hasMessageEndingWith("the run goes on from its last checkpoint with --resume");
    }
    // One process goes on with what two began, and loses nothing but the steps since.
    List<Float> further = new ArrayList<>();
    RuntimeException enough = new IllegalStateException("enough");
    TrainingListener stopping =
        new TrainingListener() {
          @Override
          public void step(int step, double loss, long tokens) {
            further.add((float) loss);
            if (step >= losses.size()) {
              throw enough;
            }
          }
        };
    try (TorchModel model = SharedRun.ENDLESS.model(0)) {
      assertThatThrownBy(() -> SharedRun.ENDLESS.run(model, new Alone(), where, stopping))
          .isSameAs(enough);
    }
    int kept = losses.size() - further.size();
    assertThat(kept).isGreaterThanOrEqualTo(8).isLessThanOrEqualTo(losses.size()).isEven();
    for (int i = 0; i < further.size(); i++) {
      assertThat(further.get(i)).isCloseTo(losses.get(kept + i), within(ROUNDING));
    }
  }

  @Test
  void processesThatBeginDifferentlyAreRefused() throws Exception {
    Rendezvous place = new Rendezvous.SharedFile(directory.resolve("meet"));
    Process second = second(place, directory, SharedRun.OTHER_MODEL);
    String sentence =
        "rank 1 has another model than rank 0: give every process the same arguments and files";
    try (Group group = meet(place);
        TorchModel model = SharedRun.OTHER_MODEL.model(0)) {
      assertThatThrownBy(
              () -> SharedRun.OTHER_MODEL.run(model, group, directory, TrainingListener.NONE))
          .hasMessage(sentence);
    }
    assertThat(said(second).strip()).isEqualTo(sentence);
    assertThat(second.waitFor()).isEqualTo(3);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
