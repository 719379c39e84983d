package dev.farspan.evaluation.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.evaluation.Bands;
import dev.farspan.evaluation.ComparisonKey;
import dev.farspan.evaluation.LossCurve;
import dev.farspan.runtime.kvcache.CacheType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest {
  private static final Bands BANDS = new Bands(List.of(2, 4));
  private static final ComparisonKey KEY =
      ComparisonKey.of("model", new int[] {1, 2, 3}, CacheType.F16, BANDS);
  private static final LossCurve CURVE =
      new LossCurve("none", 0.1 + 0.2, List.of(new LossCurve.Band(0, 2, 1 / 3.0, 2)));

  @TempDir Path directory;

  @Test
  void aCurveIsFoundAgainBitForBit() {
    Path deep = directory.resolve("a/b");
    new DirectoryStore(deep, KEY).keep(CURVE);
    assertThat(new DirectoryStore(deep, KEY).find("none")).contains(CURVE);
    assertThat(new DirectoryStore(deep, KEY).find("yarn:factor=2")).isEmpty();
  }

  @Test
  void anotherModelTextCacheOrCutIsAnotherResult() {
    new DirectoryStore(directory, KEY).keep(CURVE);
    int[] tokens = {1, 2, 3};
    for (ComparisonKey other :
        List.of(
            ComparisonKey.of("other", tokens, CacheType.F16, BANDS),
            ComparisonKey.of("model", new int[] {1, 2, 4}, CacheType.F16, BANDS),
            ComparisonKey.of("model", tokens, CacheType.F32, BANDS),
            ComparisonKey.of("model", tokens, CacheType.F16, new Bands(List.of(4))))) {
      assertThat(new DirectoryStore(directory, other).find("none")).isEmpty();
    }
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    DirectoryStore store = new DirectoryStore(directory, KEY);
    store.keep(CURVE);
    Path file;
    try (var files = Files.list(directory)) {
      file = files.toList().getFirst();
    }
    Files.writeString(file, "{\"methods\": []}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.find("none"))
        .withMessageContaining(file.toString());
  }

  @Test
  void noTemporaryFileIsLeftBehind() throws IOException {
    new DirectoryStore(directory, KEY).keep(CURVE);
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }
}
