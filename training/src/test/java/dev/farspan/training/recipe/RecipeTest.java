package dev.farspan.training.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.context.model.TrainedMemory.Summaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class RecipeTest {
  private static final String GOOD = "examples = 64x2\nsteps = 10\nrate = 1e-3\n";

  static final List<String> names = Recipe.NAMES;

  @ParameterizedTest
  @FieldSource("names")
  void everyRecipeThatComesAlongIsRead(String name) {
    Recipe recipe = Recipe.of(name);
    assertThat(recipe.fromScratch())
        .isEqualTo(List.of("farspan-tiny", "farspan-tiny-native").contains(name));
    assertThat(recipe.needsTarget())
        .isEqualTo(!recipe.fromScratch() && !List.of("landmark", "memory-tokens").contains(name));
  }

  @Test
  void everyFileInTheRecipesDirectoryComesAlong() throws IOException {
    try (var files = Files.list(Path.of("../recipes"))) {
      assertThat(files.map(f -> f.getFileName().toString().replace(".recipe", "")))
          .containsExactlyInAnyOrderElementsOf(Recipe.NAMES);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "warmup = 3; unknown keys: warmup",
        "steps = 4; stands there twice",
        "hello; line 4 is not 'key = value'",
        "positions = random; known: consecutive, pose",
        "extension = alibi; known: none, linear, ntk, yarn, longrope, base",
        "extension = longrope; has no 'longrope.factors'",
        "extension = base; has no 'base.theta'",
        "attention = sparse; known: full, shifted",
        "mix = text 0.5, poems 0.5; known sources: text, passkey, number, lookup, repeats",
        "landmark.block = few; 'landmark.block = few' is not a number",
        "landmark.size = 3; has no 'landmark.block'",
        "clip = much; 'clip = much' is not a number",
        "scratch.vocab = 300; has no 'scratch.hidden'",
        "memory.tokens = 4; has no 'memory.segment', which it needs",
        "rate.shape = round; known: constant, cosine, linear"
      })
  void aWrongLineIsSaidInOneSentence(String line, String sentence) {
    assertThatThrownBy(() -> Recipe.parse(GOOD + line, "r"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("recipe r: ")
        .hasMessageContaining(sentence);
  }

  @Test
  void shiftedAttentionDoesWithoutLandmarks() {
    String lines = GOOD + "attention = shifted\nlandmark.block = 8";
    assertThatThrownBy(() -> Recipe.parse(lines, "r"))
        .hasMessageContaining("leave out landmark and memory");
  }

  @Test
  void anAdapterOfItsOwnAddsNoTokens() {
    String lora = GOOD + "lora.rank = 2\nlora.alpha = 2\nlora.targets = q_proj\n";
    assertThat(Recipe.parse(lora, "r").unmerged()).isFalse();
    assertThat(Recipe.parse(lora + "lora.save = adapter", "r").unmerged()).isTrue();
    assertThatThrownBy(() -> Recipe.parse(lora + "lora.save = both", "r"))
        .hasMessageContaining("known: adapter, merged");
    assertThatThrownBy(() -> Recipe.parse(lora + "lora.save = adapter\nlandmark.block = 8", "r"))
        .hasMessageContaining("cannot add landmarks or memory tokens");
    assertThatThrownBy(() -> Recipe.parse(GOOD + "lora.save = adapter", "r"))
        .hasMessageContaining("has no 'lora.rank'");
  }

  @Test
  void searchedFactorsAreReadFromAFile(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("long.txt"), "1.0\n2.5\n8.0\n");
    String lines = GOOD + "extension = longrope\nlongrope.factors = " + file;
    assertThat(Recipe.parse(lines, "r").extension())
        .isEqualTo(new Extension.LongRope(List.of(1.0, 2.5, 8.0)));
    Files.writeString(file, "1.0 much");
    assertThatThrownBy(() -> Recipe.parse(lines, "r"))
        .hasMessageContaining("recipe r: 'longrope.factors = ")
        .hasMessageEndingWith("does not hold numbers alone");
    Files.delete(file);
    assertThatThrownBy(() -> Recipe.parse(lines, "r"))
        .hasMessageContaining("cannot read the factors in " + file);
  }

  @Test
  void memoryTokensAreAddedToAModelAsItIs() {
    String memory = GOOD + "memory.tokens = 4\nmemory.segment = 32\n";
    assertThat(Recipe.parse(memory, "r").memory())
        .hasValue(new Memory(new Summaries(4, 32, Summaries.ALL), 0, 2));
    assertThat(Recipe.parse(memory + "memory.keep = 1\nmemory.vary = 8\n", "r").memory())
        .hasValue(new Memory(new Summaries(4, 32, 1), 8, 2));
    for (String line : List.of("extension = yarn", "positions = pose", "landmark.block = 8")) {
      assertThatThrownBy(() -> Recipe.parse(memory + line, "r"))
          .hasMessageContaining("memory tokens are added to a model as it is");
    }
    assertThatThrownBy(() -> Recipe.parse(memory + "memory.vary = 32", "r"))
        .hasMessageContaining("a variation below their length");
  }

  @Test
  void lengthsMayBeThoseOfTheModelAndTheTarget() {
    Recipe recipe =
        Recipe.parse(
            "examples = 32x8 until 0.2, trainedx4 until 0.5, targetx1\nsteps = 1\nrate = 1", "r");
    assertThat(recipe.examples().resolve(256, 2048))
        .extracting(stage -> stage.length() + "x" + stage.batch() + "<" + stage.until())
        .containsExactly("32x8<0.2", "256x4<0.5", "2048x1<1.0");
  }

  @Test
  void anUnknownRecipeNamesThoseThereAre() {
    assertThatThrownBy(() -> Recipe.of("no-such")).hasMessageContaining("pose-yarn");
  }
}
