package dev.farspan.training.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RendezvousTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "node1:29500, node1, 29500",
    "10.0.0.7:1, 10.0.0.7, 1",
    "tcp://node1:65535, node1, 65535",
    "[fe80::1]:29500, [fe80::1], 29500"
  })
  void aHostAndAPortAreWhereRankZeroListens(String text, String host, int port) {
    assertThat(Rendezvous.parse(text)).isEqualTo(new Rendezvous.Port(host, port));
  }

  @ParameterizedTest
  @CsvSource({"/tmp/meet, /tmp/meet", "file:///tmp/meet, /tmp/meet", "meet, meet", "a/b:1, a/b:1"})
  void anythingElseIsAFile(String text, String path) {
    assertThat(Rendezvous.parse(text)).isEqualTo(new Rendezvous.SharedFile(Path.of(path)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host:0", "host:65536", "env://", "file://"})
  void whatIsNeitherIsRefused(String text) {
    assertThatThrownBy(() -> Rendezvous.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aProcessThatNobodyMeetsSaysWhereItWaited() {
    Rendezvous file = new Rendezvous.SharedFile(directory.resolve("meet"));
    assertThatThrownBy(() -> GlooGroup.join(file, 0, 2, SHORT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("rank 0 did not meet the other processes of 2 at " + file + " (")
        .hasMessageEndingWith("start every rank within 0 seconds, all with the same rendezvous");
    // Port 1 is the TCP port multiplexer's, which no machine runs any more.
    Rendezvous port = new Rendezvous.Port("127.0.0.1", 1);
    assertThatThrownBy(() -> GlooGroup.join(port, 1, 2, SHORT))
        .hasMessageContaining("at 127.0.0.1:1 (nobody listens there)");
  }

  @Test
  void aRankThatWasThereAlreadyIsRefused() {
    Path file = directory.resolve("meet");
    Rendezvous place = new Rendezvous.SharedFile(file);
    assertThatThrownBy(() -> GlooGroup.join(place, 0, 2, SHORT)).hasMessageContaining("not meet");
    assertThat(Files.exists(file)).isTrue();
    assertThatThrownBy(() -> GlooGroup.join(place, 0, 2, SHORT))
        .hasMessageStartingWith("a rank 0 has been at " + file + " already");
  }

  @Test
  void ranksBeginAtZeroAndEndBelowTheSize() {
    Rendezvous place = new Rendezvous.SharedFile(directory.resolve("meet"));
    for (int rank : new int[] {-1, 2}) {
      assertThatThrownBy(() -> GlooGroup.join(place, rank, 2, SHORT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the ranks of 2 processes are 0 to 1, got " + rank);
    }
  }
}
