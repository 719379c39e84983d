package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TokenCountTest {
  @ParameterizedTest
  @CsvSource({"4096, 4096", "128k, 131072", "128K, 131072", "1m, 1048576", "0, 0"})
  void aSuffixMultiplies(String text, int tokens) {
    assertThat(new TokenCount().convert(text)).isEqualTo(tokens);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "k", "-1", "1.5k", "4 096", "128kb", "3000m", "99999999999"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> new TokenCount().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("'" + text + "' is not a count of tokens such as 4096 or 128k");
  }

  @Test
  void theLargestCountIsThatOfAnInt() {
    assertThat(new TokenCount().convert("2147483647")).isEqualTo(Integer.MAX_VALUE);
  }
}
