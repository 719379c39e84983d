package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.cli.hub.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PullTest {
  @TempDir Path directory;

  private Path store() {
    return directory.resolve("store");
  }

  private Terminal terminal() {
    return Terminal.withStore(store());
  }

  private void fails(int exit, String sentence, Object... words) {
    terminal().run(words).hasFailed(exit, sentence);
  }

  @Test
  void aModelOnThisMachineIsCopied() {
    Path source = Golden.tiny("llama-default");
    var outcome = terminal().run("pull", "--from", source, "--name", "tiny");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out().strip()).isEqualTo(store().resolve("tiny").toString());
    assertThat(store().resolve("tiny/model.safetensors"))
        .hasSameBinaryContentAs(source.resolve("model.safetensors"));
    assertThat(outcome.err()).contains("tiny: a llama model of ");
    fails(
        1, "exists: delete it, or choose another name", "pull", "--from", source, "--name", "tiny");
  }

  @Test
  void aLinkHoldsTheSameBytes() throws IOException {
    Path source = Golden.copy("llama-default", directory);
    assertThat(terminal().run("pull", "--from", source, "--link").exit()).isZero();
    assertThat(
            Files.isSameFile(
                source.resolve("model.safetensors"),
                store().resolve("llama-default/model.safetensors")))
        .isTrue();
  }

  @Test
  void whatIsNoModelIsNotTaken() throws IOException {
    Path text = Files.writeString(directory.resolve("x.gguf"), "hello world");
    fails(1, "is not a GGUF file", "pull", "--from", text);
    fails(1, "there is no nowhere to take in", "pull", "--from", "nowhere");
    assertThat(store()).doesNotExist();
  }

  @Test
  void aModelOnTheHubIsFetchedAndListed() throws IOException {
    Path source = Golden.tiny("llama-yarn");
    try (FakeHub hub =
        new FakeHub()
            .with("config.json", Files.readAllBytes(source.resolve("config.json")))
            .with("model.safetensors", Files.readAllBytes(source.resolve("model.safetensors")))) {
      var outcome =
          terminal().with("HF_ENDPOINT", hub.endpoint().toString()).run("pull", FakeHub.REPOSITORY);
      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.out().strip()).isEqualTo(store().resolve("Tiny-Model").toString());
    }
    assertThat(terminal().run("models").out())
        .containsPattern(
            "NAME +FORMAT +SIZE +FAMILY +TRAINED +CLAIMED\nTiny-Model +hf +\\S+ kB +llama ");
  }

  @Test
  void aRepositoryThatDoesNotExistIsNamed() {
    try (FakeHub hub = new FakeHub()) {
      var outcome =
          terminal().with("HF_ENDPOINT", hub.endpoint().toString()).run("pull", "org/none");
      assertThat(outcome.exit()).isEqualTo(1);
      assertThat(outcome.err()).contains("there is no org/none at http://").hasLineCount(1);
    }
  }

  @Test
  void wrongUsageIsSaid() {
    fails(2, "name either a model on the hub or", "pull");
    fails(2, "name either a model on the hub or", "pull", "org/repo", "--from", "x");
    fails(2, "'repo' is no model on the hub", "pull", "repo");
    fails(2, "--link goes with --from only", "pull", "org/repo", "--link");
    fails(2, "--name is a plain name", "pull", "org/repo", "--name", "../x");
  }

  @Test
  void oneBrokenModelDoesNotHideTheOthers() throws IOException {
    Files.createDirectories(store());
    Files.writeString(store().resolve("broken.gguf"), "hello world");
    Golden.copy("llama-default", store());
    var outcome = terminal().run("models");
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.out()).contains("is not a GGUF file").containsPattern("llama-default +hf");
    JsonNode json = JsonMapper.shared().readTree(terminal().run("models", "--json").out());
    assertThat(json.get(0).path("error").asString()).contains("is not a GGUF file");
    assertThat(json.get(1).path("trained_length").asInt()).isEqualTo(64);
  }

  @Test
  void anEmptyStoreSaysHowToFillIt() {
    var outcome = terminal().run("models");
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.err()).contains("no models in ").contains("farspan pull");
    assertThat(terminal().run("models", "--json").out().strip()).isEqualTo("[ ]");
  }
}
