package dev.farspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QuickExitTest {
  /// A process whose orderly end would never come: another hook waits for ever.
  static final class Endless {
    private Endless() {}

    /// Closes the exit before it waits if a word is given.
    public static void main(String[] words) throws InterruptedException {
      Runtime.getRuntime().addShutdownHook(new Thread(Endless::await));
      QuickExit exit = QuickExit.open();
      if (words.length > 0) {
        exit.close();
      }
      System.out.println("ready");
      await();
    }

    private static void await() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Process terminated(String... words) throws IOException {
    List<String> command = new ArrayList<>(OtherJava.command(Endless.class));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertThat(out.readLine()).isEqualTo("ready");
    process.toHandle().destroy(); // SIGTERM
    return process;
  }

  @Test
  void aSignalEndsTheProcessWithoutItsOrderlyEnd() throws Exception {
    Process process = terminated();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(QuickExit.TERMINATED);
  }

  @Test
  void onceItIsClosedTheOrderlyEndIsBack() throws Exception {
    Process process = terminated("closed");
    assertThat(process.waitFor(2, TimeUnit.SECONDS)).isFalse();
    process.destroyForcibly().waitFor();
  }
}
