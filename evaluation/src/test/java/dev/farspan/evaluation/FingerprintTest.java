package dev.farspan.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
  @TempDir Path directory;

  @Test
  void aModelIsKnownByNamesSizesAndContents() throws IOException {
    Path model = directory.resolve("m.gguf");
    byte[] bytes = new byte[10_000_000];
    Files.write(model, bytes);
    String first = Fingerprint.ofModel(model);
    assertThat(first).hasSize(32).isEqualTo(Fingerprint.ofModel(model));
    bytes[bytes.length - 1] = 1;
    Files.write(model, bytes);
    String second = Fingerprint.ofModel(model);
    assertThat(second).isNotEqualTo(first);
    Files.write(model, new byte[10_000_001]);
    assertThat(Fingerprint.ofModel(model)).isNotIn(first, second);
  }

  @Test
  void aDirectoryIsKnownByItsFiles() throws IOException {
    Files.writeString(directory.resolve("config.json"), "{}");
    Files.writeString(directory.resolve("model.safetensors"), "weights");
    String before = Fingerprint.ofModel(directory);
    Files.writeString(directory.resolve("config.json"), "[]");
    assertThat(Fingerprint.ofModel(directory)).isNotEqualTo(before);
  }

  @Test
  void aTextIsKnownByItsTokens() {
    assertThat(Fingerprint.ofTokens(new int[] {1, 2}))
        .isEqualTo(Fingerprint.ofTokens(new int[] {1, 2}))
        .isNotEqualTo(Fingerprint.ofTokens(new int[] {2, 1}));
  }
}
