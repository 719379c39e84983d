package dev.farspan.evaluation.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TextFileTest {
  @Test
  void partsAreWholeLinesOfNearlyEqualLength() {
    TextFile text = TextFile.heldOut();
    List<TextFile> parts = text.parts(5);
    assertThat(parts).hasSize(5);
    assertThat(parts.stream().map(TextFile::text).collect(Collectors.joining()))
        .isEqualTo(text.text());
    int longest = text.text().lines().mapToInt(String::length).max().orElseThrow() + 1;
    for (TextFile part : parts) {
      assertThat(part.text()).endsWith("\n");
      assertThat(Math.abs(part.text().length() - text.text().length() / 5)).isLessThan(longest);
    }
    assertThat(parts.get(1).name()).isEqualTo("held-out.txt, part 2");
    assertThat(text.parts(1).getFirst().text()).isEqualTo(text.text());
  }

  @Test
  void aTextOfTooFewLinesIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TextFile("a.txt", "one line\n").parts(3))
        .withMessage("a.txt has too few lines for 3 parts");
  }
}
