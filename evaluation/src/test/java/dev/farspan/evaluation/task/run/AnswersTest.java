package dev.farspan.evaluation.task.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.task.Vocabularies;
import dev.farspan.runtime.engine.Model;
import dev.farspan.runtime.engine.PrefixReuse;
import dev.farspan.runtime.kvcache.CacheType;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A tiny model of random weights, whose tokens are bytes.
class AnswersTest {
  private static final int PROMPT = 90;
  @TempDir private Path directory;
  private Model model;

  @BeforeEach
  void open() {
    model = Vocabularies.bytes(directory);
  }

  @AfterEach
  void close() {
    model.close();
  }

  /// The loss of a reference, after an answer was written or not.
  private double loss(String spec, int[] reference, boolean answered) {
    Method method = Method.resolve(MethodSpec.parse(spec), model.config(), PROMPT);
    try (PrefixReuse reuse = new PrefixReuse(model, CacheType.F32, 64)) {
      Answers answers = new Answers(model, reuse);
      if (answered) {
        answers.greedy(method, prompt(), PROMPT, 6, _ -> {});
      }
      return answers.loss(method, prompt(), PROMPT, reference);
    }
  }

  private static int[] prompt() {
    int[] ids = new int[PROMPT];
    Arrays.setAll(ids, i -> (7 * i + i * i) % 60);
    return ids;
  }

  /// What the model answers: its likeliest tokens, each given those before.
  private int[] likeliest(String spec, int tokens) {
    Method method = Method.resolve(MethodSpec.parse(spec), model.config(), PROMPT);
    int[] read = Arrays.copyOf(prompt(), PROMPT + tokens);
    try (PrefixReuse reuse = new PrefixReuse(model, CacheType.F32, 64)) {
      for (int at = PROMPT; at < read.length; at++) {
        Answers.Likeliest next = new Answers.Likeliest(at - 1, model.tokenizer().vocabSize());
        reuse.read(method, Arrays.copyOf(read, at), 0, next, _ -> {});
        read[at] = next.token();
      }
    }
    return Arrays.copyOfRange(read, PROMPT, read.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "dynamic-yarn", "streaming:sinks=4,window=28"})
  void theLossOfAReferenceDoesNotDependOnTheAnswerBeforeIt(String spec) {
    int[] right = likeliest(spec, 3);
    for (int wrongAt = 0; wrongAt <= right.length; wrongAt++) {
      int[] reference = right.clone();
      if (wrongAt < right.length) {
        reference[wrongAt] = (reference[wrongAt] + 1) % 60;
      }
      assertThat(loss(spec, reference, true))
          .as("wrong at %d", wrongAt)
          .isEqualTo(loss(spec, reference, false));
    }
  }

  @Test
  void everyTokenOfTheReferenceCounts() {
    int[] reference = {11, 12, 13};
    double whole = 3 * loss("none", reference, true);
    double start = 2 * loss("none", Arrays.copyOf(reference, 2), true);
    assertThat(whole).isGreaterThan(start);
    assertThat(start).isGreaterThan(loss("none", Arrays.copyOf(reference, 1), true));
  }
}
