package dev.farspan.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopTextsTest {
  @Test
  void textIsHeldBackWhileItMayBeginAStop() {
    StopTexts stops = new StopTexts(List.of("END", "EXIT"));
    assertThat(stops.accept("one E")).isEqualTo("one ");
    assertThat(stops.accept("N")).isEmpty();
    assertThat(stops.accept("Q E")).isEqualTo("ENQ ");
    assertThat(stops.accept("ND more")).isEmpty();
    assertThat(stops.found()).isTrue();
    assertThat(stops.finish()).isEmpty();
  }

  @Test
  void theFirstStopInTheTextCountsNotTheFirstInTheList() {
    StopTexts stops = new StopTexts(List.of("b", "a"));
    assertThat(stops.accept("xaxb")).isEqualTo("x");
    assertThat(stops.found()).isTrue();
  }

  @Test
  void whatWasHeldBackComesOutAtTheEnd() {
    StopTexts stops = new StopTexts(List.of("STOP"));
    assertThat(stops.accept("a ST")).isEqualTo("a ");
    assertThat(stops.found()).isFalse();
    assertThat(stops.finish()).isEqualTo("ST");
  }
}
