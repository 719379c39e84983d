package dev.farspan.formats.text;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
  @TempDir Path directory;

  @Test
  void whatIsWrongIsToldWithItsPlaceAndWithoutTheParsersWordsAboutItself() throws IOException {
    Path file = Files.writeString(directory.resolve("a.json"), "{\n\"a\": 1,\n\"b\": x}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonFile.read(file))
        .withMessageMatching(
            ".*a.json is not a JSON object at line 3, column \\d+: Unrecognized token 'x'[^\\[]*");
    Path cut = Files.writeString(directory.resolve("b.json"), "{\n\"a\": 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonFile.read(cut))
        .withMessageMatching(
            ".*b.json is not a JSON object at line 2, column \\d+: Unexpected end-of-input[^\\[]*");
  }
}
