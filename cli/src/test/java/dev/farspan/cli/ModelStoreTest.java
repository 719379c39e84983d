package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
  @TempDir Path directory;

  @Test
  void aNameMeansTheModelInTheStore() throws IOException {
    Path model = Files.createFile(directory.resolve("small model.gguf"));
    assertThat(new ModelStore(directory).find("small model.gguf")).isEqualTo(model);
  }

  @Test
  void aPathMeansItself() throws IOException {
    Path model = Files.createFile(directory.resolve("other.gguf"));
    assertThat(new ModelStore(Path.of("no-such-store")).find(model.toString())).isEqualTo(model);
  }

  @Test
  void anUnknownModelIsNamedTogetherWithTheStore() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelStore(directory).find("missing.gguf"))
        .withMessageContaining("missing.gguf")
        .withMessageContaining(directory.toString());
  }
}
