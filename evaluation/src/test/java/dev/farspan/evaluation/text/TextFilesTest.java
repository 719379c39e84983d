package dev.farspan.evaluation.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFilesTest {
  @TempDir Path directory;
  private final List<String> notes = new ArrayList<>();
  private final TextFiles files = new TextFiles(notes::add);

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(directory.resolve("code/b"));
    Files.createDirectories(directory.resolve("code/.git"));
    Files.writeString(directory.resolve("code/b/B.java"), "class B {}\n");
    Files.writeString(directory.resolve("code/a.py"), "x = 'ü'");
    Files.writeString(directory.resolve("code/.git/config"), "hidden");
    Files.write(directory.resolve("code/image.png"), new byte[] {'P', 0, 'N'});
    Files.write(directory.resolve("code/latin1.txt"), new byte[] {'a', (byte) 0xe4, 'b'});
  }

  @Test
  void aDirectoryIsADocumentForEachTextFileAndOthersAreNamed() {
    assertThat(files.read(directory.resolve("code")))
        .containsExactly(new TextFile("a.py", "x = 'ü'"), new TextFile("b/B.java", "class B {}\n"));
    assertThat(notes).singleElement().asString().contains("image.png, latin1.txt");
  }

  @Test
  void aCodeBaseIsOneTextWithThePathBeforeEachFile() {
    assertThat(files.codeBase(directory.resolve("code")))
        .isEqualTo(
            new TextFile(
                "code",
                """
                // file: a.py
                x = 'ü'

                // file: b/B.java
                class B {}

                """));
  }

  @Test
  void aBinaryFileByNameAndAnEmptyDirectoryAreRefused() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> files.read(directory.resolve("code/image.png")))
        .withMessageContaining("image.png is a binary file");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> files.read(empty))
        .withMessageContaining("empty holds no text file");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> files.codeBase(directory.resolve("code/a.py")))
        .withMessageContaining("is no directory");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> files.read(directory.resolve("nothing")))
        .withMessageContaining("there is no file");
  }
}
