package dev.farspan.evaluation.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentSetTest {
  @Test
  void aKilobyteOfLinuxIsOneThousandTwentyFourBytes() {
    var lines =
        List.of(
            "Name:\tjava",
            "VmRSS:\t 9 kB",
            "RssAnon:\t 4 kB",
            "RssFile:\t 3 kB",
            "RssShmem:\t 2 kB");
    assertThat(ResidentSet.of(lines)).contains(new ResidentSet(4096, 5120));
    assertThat(new ResidentSet(4096, 5120).total()).isEqualTo(9216);
  }

  @Test
  void aSystemThatDoesNotSayIsNotGuessedAt() {
    assertThat(ResidentSet.of(List.of("RssFile: 3 kB"))).isEmpty();
    assertThat(ResidentSet.of(List.of())).isEmpty();
  }
}
