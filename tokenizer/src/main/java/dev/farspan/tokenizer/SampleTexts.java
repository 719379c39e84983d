package dev.farspan.tokenizer;

import java.util.List;
import java.util.Optional;

/// Short texts in which tokenizers differ: digits, blanks, case, scripts, code, signs.
final class SampleTexts {
  private static final List<String> ALL =
      List.of(
          "Hello, world! It's the year 2026; we'll pay 1234567 or 0.001 at 12:30.",
          " leading space,  two  spaces,   three, and a tab\tand trailing  ",
          "line one\nline two\r\n\r\n\n  indented\n\n\tmore",
          "for (int i = 0; i < n; i++) { sum += a[i] * b[i]; } // loop_count == 42",
          "DON'T SHOUT, they'Re camelCase XMLHttpRequest_v2 don\u2019t",
          "na\u00efve caf\u00e9 \u00c5ngstr\u00f6m e\u0301 \u00fc u\u0308",
          "\u4f60\u597d\uff0c\u4e16\u754c\u3002\u4eca\u5929\u662f2026\u5e74\u3002\u3053\u3093\u306b\u3061\u306f",
          "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440! \u0645\u0631\u062d\u0628\u0627"
              + " \u05e9\u05dc\u05d5\u05dd \u0928\u092e\u0938\u094d\u0924\u0947",
          "emoji \ud83d\ude00\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 \u2192 \u20ac 5 \u00bd",
          "https://example.org/a-b?c=%20d&e=1#f <b>bold</b> $x^2$ \"quoted\" 'single' ... --- !!!",
          "1 22 333 4444 55555 666666 7777777");

  private SampleTexts() {}

  /// Whether two tokenizers treat a text alike, special tokens searched for in it or not.
  @FunctionalInterface
  interface Alike {
    boolean test(String text, boolean special);
  }

  /// Returns the first text that two tokenizers treat differently, without the blanks around it.
  static Optional<String> firstUnlike(Alike alike) {
    return ALL.stream()
        .filter(text -> !alike.test(text, true) || !alike.test(text, false))
        .map(String::strip)
        .findFirst();
  }
}
