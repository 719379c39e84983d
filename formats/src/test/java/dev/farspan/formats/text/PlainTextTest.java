package dev.farspan.formats.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainTextTest {
  @TempDir Path directory;

  @Test
  void aByteOrderMarkIsLeftOutAtTheStartOnly() throws IOException {
    Path file = Files.writeString(directory.resolve("a"), "\uFEFFgrün \uFEFF\n");
    assertThat(PlainText.read(file)).contains("grün \uFEFF\n");
  }

  @Test
  void whatIsBinaryOrNotUtf8IsNoText() throws IOException {
    Path zero = Files.write(directory.resolve("zero"), new byte[] {65, 0});
    Path latin = Files.write(directory.resolve("latin"), new byte[] {(byte) 0xfc, 65});
    assertThat(PlainText.read(zero)).isEmpty();
    assertThat(PlainText.read(latin)).isEmpty();
    assertThat(PlainText.read(Files.createFile(directory.resolve("empty")))).contains("");
  }
}
