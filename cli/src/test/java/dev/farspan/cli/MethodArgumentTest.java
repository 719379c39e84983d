package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.cli.MethodArgument.Several;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class MethodArgumentTest {
  @Test
  void aCommaStartsTheNextMethod() {
    assertThat(Several.split("none, yarn:factor=2,auto"))
        .isEqualTo(List.of("none", "yarn:factor=2", "auto"));
  }

  @Test
  void aCommaBeforeAKeyStaysInsideTheMethod() {
    assertThat(Several.split("yarn:factor=2,original=8k,none,streaming:sinks=4,window=1020"))
        .isEqualTo(List.of("yarn:factor=2,original=8k", "none", "streaming:sinks=4,window=1020"));
  }

  @Test
  void joinedMethodsStayTogether() {
    assertThat(Several.split("yarn:factor=4,original=8k+self-extend:group=4,window=1k,none"))
        .isEqualTo(List.of("yarn:factor=4,original=8k+self-extend:group=4,window=1k", "none"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"factor=2", "none,factor=2", "yarn:factor=2+full,window=3"})
  void aKeyWithoutAMethodThatTakesItIsRefused(String text) {
    assertThatThrownBy(() -> Several.split(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("follows no method with parameters");
  }

  @Test
  void eachMethodIsRead() {
    assertThat(new Several().convert("none,yarn:factor=2").methods())
        .extracting(Object::toString)
        .containsExactly("none", "yarn:factor=2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none,", "", "none,magic", "yarn:factor=2,size=1"})
  void aWrongMethodInTheListIsRefused(String text) {
    assertThatThrownBy(() -> new Several().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }
}
