package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
  void whatIsShippedIsFoundByNameFromAnyStore() throws IOException {
    Path shipped = Files.createDirectories(directory.resolve("shipped/tiny"));
    Map<String, String> environment =
        Map.of(
            "FARSPAN_MODELS", directory.resolve("store").toString(),
            "FARSPAN_SHIPPED", directory.resolve("shipped").toString());
    assertThat(ModelStore.of(environment).find("tiny")).isEqualTo(shipped);
    Path own = Files.createDirectories(directory.resolve("store/tiny"));
    assertThat(ModelStore.of(environment).find("tiny")).isEqualTo(own);
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

  @Test
  void theEnvironmentNamesTheStore() {
    assertThat(ModelStore.of(Map.of("FARSPAN_MODELS", "elsewhere")).directory())
        .isEqualTo(Path.of("elsewhere"));
    assertThat(ModelStore.of(Map.of()).directory())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".farspan", "models"));
  }

  @Test
  void onlyWholeModelsAreListed() throws IOException {
    Path gguf = Files.createFile(directory.resolve("b.gguf"));
    Files.createFile(directory.resolve(".c.gguf.0123.part"));
    Files.createFile(directory.resolve("notes.txt"));
    Path huggingFace = Files.createDirectory(directory.resolve("a"));
    Files.createFile(huggingFace.resolve("config.json"));
    Path onItsWay = Files.createDirectory(directory.resolve(".d.part"));
    Files.createFile(onItsWay.resolve("config.json"));
    assertThat(new ModelStore(directory).list()).containsExactly(huggingFace, gguf);
  }

  @Test
  void aStoreThatDoesNotExistYetIsEmpty() {
    assertThat(new ModelStore(directory.resolve("later")).list()).isEmpty();
  }
}
