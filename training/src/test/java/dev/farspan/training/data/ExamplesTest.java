package dev.farspan.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {
  private static final String TEXT =
      "And the LORD spake unto the people, saying, Keep what is written.\n".repeat(200);
  private static final int LENGTH = 300;

  @TempDir static Path directory;
  private static Tokenizer tokenizer;
  private static Corpus corpus;

  @BeforeAll
  static void open() {
    BpeTrainer.train(TEXT, 300).write(directory);
    tokenizer = BpeTrainerTest.open(directory);
    corpus = Corpus.encode(TEXT, tokenizer);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void aPasskeyStandsInTheTextAndIsTheWeightedAnswer() {
    Passkey task = new Passkey(corpus, tokenizer, 0.2f, 8);
    for (int seed = 0; seed < 20; seed++) {
      Example example = task.draw(new SplittableRandom(seed), LENGTH);
      assertThat(example.length()).isEqualTo(LENGTH);
      Matcher said =
          Pattern.compile(
                  "(?s).*\nThe pass key is (\\d{5})\\. Remember it\\. (\\d{5}) is the pass key\\.\n.*"
                      + "\nWhat is the pass key\\? The pass key is (\\d{5})\\.")
              .matcher(tokenizer.decode(example.ids()));
      assertThat(said.matches()).isTrue();
      assertThat(said.group(2)).isEqualTo(said.group(1));
      assertThat(said.group(3)).isEqualTo(said.group(1));
      int answer = task.answerTokens();
      for (int i = 0; i < LENGTH; i++) {
        assertThat(example.weights()[i]).isEqualTo(i < LENGTH - answer ? 0.2f : 8);
      }
    }
  }

  @Test
  void aNumberMayHaveFewerDigitsAndIsAnsweredWhole() {
    Passkey task = new Passkey(corpus, tokenizer, 0.2f, 8, Passkey.Keys.NUMBERS);
    Set<Integer> digits = new TreeSet<>();
    for (int seed = 0; seed < 60; seed++) {
      String text = tokenizer.decode(task.draw(new SplittableRandom(seed), LENGTH).ids());
      Matcher said =
          Pattern.compile("(?s).*\nThe pass key is (\\d+)\\. Remember.* The pass key is (\\d+)\\.")
              .matcher(text);
      assertThat(said.matches()).isTrue();
      assertThat(said.group(2)).isEqualTo(said.group(1));
      assertThat(Integer.parseInt(said.group(1))).isBetween(1, 50_000);
      digits.add(said.group(1).length());
    }
    assertThat(digits).contains(4, 5);
  }

  @Test
  void aPasskeyAtDepthZeroComesFirstAndAtOneLast() {
    Passkey task = new Passkey(corpus, tokenizer, 0, 1);
    String first = tokenizer.decode(task.at(new SplittableRandom(1), LENGTH, 0).ids());
    String last = tokenizer.decode(task.at(new SplittableRandom(1), LENGTH, 1).ids());
    assertThat(first).startsWith("\nThe pass key is");
    assertThat(last).containsPattern("is the pass key\\.\n\nWhat is the pass key\\?");
  }

  @Test
  void aLookUpAsksForOneOfItsEntries() {
    KeyValues task = new KeyValues(corpus, tokenizer, 0.2f, 8);
    for (int seed = 0; seed < 20; seed++) {
      String text = tokenizer.decode(task.draw(new SplittableRandom(seed), LENGTH).ids());
      Matcher asked = Pattern.compile("The value of (\\d{3}) is (\\d{4})\\.$").matcher(text);
      assertThat(asked.find()).isTrue();
      assertThat(text.indexOf(asked.group())).isLessThan(asked.start());
    }
  }

  @Test
  void repeatsHaveAPeriodOfAtMostAThird() {
    Repeats task = new Repeats(corpus, tokenizer.vocabSize());
    for (int seed = 0; seed < 20; seed++) {
      int[] ids = task.draw(new SplittableRandom(seed), LENGTH).ids();
      assertThat(ids).hasSize(LENGTH + 1);
      assertThat(period(ids)).isBetween(1, LENGTH / 3);
    }
  }

  private static int period(int[] ids) {
    for (int period = 1; period < ids.length; period++) {
      boolean holds = true;
      for (int i = period; i < ids.length && holds; i++) {
        holds = ids[i] == ids[i - period];
      }
      if (holds) {
        return period;
      }
    }
    return ids.length;
  }

  @Test
  void theSameSeedDrawsTheSameExample() {
    Mixture mixture =
        new Mixture(
            List.of(
                new Mixture.Part(1, new TextWindows(corpus)),
                new Mixture.Part(1, new Repeats(corpus, 300)),
                new Mixture.Part(1, new Passkey(corpus, tokenizer, 1, 1))));
    for (int seed = 0; seed < 10; seed++) {
      assertThat(mixture.draw(new SplittableRandom(seed), 120).ids())
          .isEqualTo(mixture.draw(new SplittableRandom(seed), 120).ids());
    }
  }

  @Test
  void tooShortATextAndTooShortAnExampleAreRefused() {
    assertThatThrownBy(() -> new TextWindows(Corpus.of(1, 2, 3)).draw(new SplittableRandom(), 3))
        .hasMessageContaining("too few for examples of 4");
    assertThatThrownBy(() -> new Passkey(corpus, tokenizer, 1, 1).draw(new SplittableRandom(), 10))
        .hasMessageContaining("more than the 11 of an example");
  }
}
