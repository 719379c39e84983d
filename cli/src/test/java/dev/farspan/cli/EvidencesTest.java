package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.Fingerprint;
import dev.farspan.evaluation.store.Advice;
import dev.farspan.evaluation.store.Evidence;
import dev.farspan.runtime.engine.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `auto` and the advice kept beside a model that was trained for 64 tokens; a token is a byte.
class EvidencesTest {
  @TempDir Path directory;
  private Path model;
  private Path beside;

  @BeforeEach
  void prepare() {
    model = Golden.withTokenizer("llama-default", directory);
    beside = Evidence.fileOf(model);
  }

  private Evidence advice(String fingerprint, String method) {
    Advice given =
        new Advice(MethodSpec.parse(method), 200, LocalDate.parse("2026-11-28"), "a.txt", "best");
    return new Evidence(fingerprint, "text", "f32", 64, List.of(), Optional.of(given));
  }

  private Terminal.Outcome generate(int prompt, Object... more) throws IOException {
    Path text = Files.writeString(directory.resolve("p.txt"), "x".repeat(prompt));
    Object[] words = {"generate", model, "--file", text, "--max-tokens", 4};
    Object[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    Terminal.Outcome outcome = new Terminal(Map.of("HOME", directory.toString()), false).run(all);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return outcome;
  }

  @Test
  void autoTakesTheAdviceWhereItCovers() throws IOException {
    advice(Fingerprint.ofModel(model), "yarn:factor=4").writeTo(beside);
    assertThat(generate(100).err())
        .contains("auto: yarn:factor=4 by the advice of 2026-11-28 (llama-default.farspan.json)\n")
        .contains("method yarn:factor=4;");
    assertThat(generate(300).err())
        .contains("the advice of 2026-11-28 (llama-default.farspan.json) ends at 200 tokens")
        .contains("auto chose none+streaming");
  }

  @Test
  void aShortPromptIsTheBaseModelWhateverTheAdvice() throws IOException {
    advice(Fingerprint.ofModel(model), "linear:factor=4").writeTo(beside);
    Terminal.Outcome auto = generate(60);
    assertThat(auto.err()).doesNotContain("advice");
    assertThat(auto.out()).isEqualTo(generate(60, "--method", "none").out());
  }

  @Test
  void theModelAloneCanBeAdvisedBeyondItsReach() throws IOException {
    advice(Fingerprint.ofModel(model), "none").writeTo(beside);
    assertThat(generate(100).err()).contains("auto: none by the advice").contains("method none;");
  }

  @Test
  void damagedAndForeignFilesAreNamedAndLeftAside() throws IOException {
    Files.writeString(beside, "{\"advice\": ");
    assertThat(generate(100).err())
        .contains(
            "llama-default.farspan.json does not hold measured curves; delete it or measure again; until then auto goes without it")
        .contains("auto chose dynamic-yarn");
    Files.delete(beside);
    advice("another", "yarn:factor=4").writeTo(beside);
    assertThat(generate(100).err())
        .contains("was measured on another model of this name, so auto leaves it aside")
        .contains("auto chose dynamic-yarn");
  }

  @Test
  void whereNothingCanBeWrittenBesideTheModelItIsKeptInTheHomeDirectory() throws IOException {
    Files.createFile(Files.createDirectory(beside).resolve("in-the-way"));
    String fingerprint = Fingerprint.ofModel(model);
    Host host = new Host(Map.of("HOME", directory.toString()), false, false);
    StringWriter err = new StringWriter();
    Keep keep = new Keep(new Console(host), model, advice(fingerprint, "yarn:factor=4"));
    new CommandLine(keep).setErr(new PrintWriter(err)).execute();
    assertThat(err.toString())
        .contains("the advice cannot be kept beside the model, for ")
        .contains("it goes to " + directory.resolve(".farspan"));
    assertThat(generate(100).err())
        .contains("auto: yarn:factor=4 by the advice of 2026-11-28 (" + fingerprint + ".json)");
  }

  /// Keeps evidence as a command does.
  @CommandLine.Command
  private record Keep(@CommandLine.Mixin Console console, Path model, Evidence evidence)
      implements Runnable {
    @Override
    public void run() {
      try (Model opened = Model.open(model, 1)) {
        Evidences.keep(evidence, opened, console);
      }
    }
  }
}
