package dev.farspan.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 kB",
    "999940, 999.9 kB",
    "999960, 1.0 MB",
    "98362432, 98.4 MB",
    "1500000000000, 1.5 TB"
  })
  void sizesTakeTheUnitThatSuits(long bytes, String text) {
    assertThat(Amounts.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "40, 40 ms",
    "1849, 1.8 s",
    "9949, 9.9 s",
    "9960, 10 s",
    "37400, 37 s",
    "59600, 1 min 0 s",
    "125000, 2 min 5 s",
    "3599000, 59 min 59 s",
    "4320000, 1 h 12 min",
    "360000000, 100 h 0 min"
  })
  void timesAreAsPreciseAsMatters(long millis, String text) {
    assertThat(Amounts.time(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.25, 0.3 tokens/s", "9.4, 9.4 tokens/s", "231.6, 232 tokens/s"})
  void slowRatesKeepADecimal(double rate, String text) {
    assertThat(Amounts.rate(rate, Task.Unit.TOKENS)).isEqualTo(text);
  }
}
