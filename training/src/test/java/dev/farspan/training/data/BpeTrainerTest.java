package dev.farspan.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.tokenizer.HfTokenizer;
import dev.farspan.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTrainerTest {
  private static final String TEXT =
      """
      In the beginning God created the heaven and the earth.
      And the earth was without form, and void; and darkness was upon the face of the deep.
      And the days of Enos were 905 years: and he didn't live 1,000; naïve – 漢字  twice\t

      The end of the matter, 42 times over, the the the the.
      """;

  /// Counts every pair of the whole text anew for every merge.
  private static List<BpeVocabulary.Merge> naive(String text, int merges) {
    Map<String, Long> pieces = new TreeMap<>();
    WordSplitter.split(text, piece -> pieces.merge(piece, 1L, Long::sum));
    Map<List<Integer>, Long> words = new java.util.LinkedHashMap<>();
    pieces.forEach((piece, n) -> words.merge(ids(piece), n, Long::sum));
    List<BpeVocabulary.Merge> out = new ArrayList<>();
    Map<List<Integer>, Long> now = words;
    while (out.size() < merges) {
      Map<List<Integer>, Long> counts = new java.util.HashMap<>();
      now.forEach(
          (word, n) -> {
            for (int i = 0; i + 1 < word.size(); i++) {
              counts.merge(List.of(word.get(i), word.get(i + 1)), n, Long::sum);
            }
          });
      List<Integer> best =
          counts.entrySet().stream()
              .min(
                  (a, b) ->
                      a.getValue().equals(b.getValue())
                          ? compare(a.getKey(), b.getKey())
                          : Long.compare(b.getValue(), a.getValue()))
              .orElseThrow()
              .getKey();
      int id = BpeVocabulary.FIRST_MERGE + out.size();
      out.add(new BpeVocabulary.Merge(best.get(0), best.get(1)));
      Map<List<Integer>, Long> next = new java.util.LinkedHashMap<>();
      now.forEach((word, n) -> next.merge(replaced(word, best, id), n, Long::sum));
      now = next;
    }
    return out;
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    return a.get(0).equals(b.get(0)) ? a.get(1) - b.get(1) : a.get(0) - b.get(0);
  }

  private static List<Integer> replaced(List<Integer> word, List<Integer> pair, int id) {
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < word.size(); i++) {
      if (i + 1 < word.size() && word.subList(i, i + 2).equals(pair)) {
        out.add(id);
        i++;
      } else {
        out.add(word.get(i));
      }
    }
    return out;
  }

  private static List<Integer> ids(String piece) {
    List<Integer> out = new ArrayList<>();
    for (int id : BpeVocabulary.bytes(piece.getBytes(StandardCharsets.UTF_8))) {
      out.add(id);
    }
    return out;
  }

  @Test
  void mergesAreThoseOfCountingEveryPairAnewEachTime() {
    assertThat(BpeTrainer.train(TEXT, BpeVocabulary.FIRST_MERGE + 60).merges())
        .isEqualTo(naive(TEXT, 60));
  }

  @Test
  void theWrittenTokenizerReadsTextBackAndSpellsDigitsOneByOne(@TempDir Path directory) {
    BpeVocabulary vocabulary = BpeTrainer.train(TEXT.repeat(3), 320);
    vocabulary.write(directory);
    try (Tokenizer tokenizer = open(directory)) {
      assertThat(tokenizer.vocabSize()).isEqualTo(vocabulary.size());
      int[] ids = tokenizer.encode(TEXT, true);
      assertThat(tokenizer.decode(ids)).isEqualTo(TEXT);
      assertThat(ids.length).isLessThan(TEXT.getBytes(StandardCharsets.UTF_8).length * 2 / 3);
      assertThat(tokenizer.encode("90125", false))
          .containsExactly(ids("90125").stream().mapToInt(Integer::intValue).toArray());
      assertThat(tokenizer.encode(BpeVocabulary.END_OF_TEXT, false)).containsExactly(0);
      assertThat(tokenizer.endOfText()).containsExactly(0);
    }
  }

  @Test
  void aCorpusEncodedInPiecesIsTheTextEncodedAtOnce(@TempDir Path directory) {
    BpeTrainer.train(TEXT, 300).write(directory);
    String longText = TEXT.repeat(500);
    try (Tokenizer tokenizer = open(directory)) {
      Corpus corpus = Corpus.encode(longText, tokenizer);
      assertThat(corpus.window(0, corpus.size())).isEqualTo(tokenizer.encode(longText, false));
    }
  }

  @Test
  void aVocabularyWithoutRoomForTheBytesIsRefused() {
    assertThatThrownBy(() -> BpeTrainer.train(TEXT, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 257");
  }

  static Tokenizer open(Path directory) {
    return HfTokenizer.open(
        directory.resolve("tokenizer.json"), directory.resolve("tokenizer_config.json"));
  }
}
