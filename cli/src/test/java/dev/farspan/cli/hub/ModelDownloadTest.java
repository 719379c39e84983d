package dev.farspan.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.cli.hub.Download.Patience;
import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDownloadTest {
  private static final String FILE = "tiny.Q8_0.gguf";
  private static final HubName NAME = HubName.parse(FakeHub.REPOSITORY);

  @TempDir Path directory;
  private final FakeHub hub = new FakeHub();
  private final List<String> notes = new ArrayList<>();

  private final Reporter reporter =
      new Reporter() {
        @Override
        public Progress progress(Task task, long start) {
          var nowhere = new PrintWriter(Writer.nullWriter());
          return new Progress(nowhere, Progress.Style.TERMINAL, task, start, System::nanoTime);
        }

        @Override
        public void note(String sentence) {
          notes.add(sentence);
        }
      };

  @AfterEach
  void stop() {
    hub.close();
  }

  private ModelDownload download() {
    return download("");
  }

  private ModelDownload download(String token) {
    return new ModelDownload(
        new Hub(hub.endpoint(), token), reporter, new Patience(2, Duration.ZERO));
  }

  private static byte[] content(int size) {
    byte[] bytes = new byte[size];
    new Random(42).nextBytes(bytes);
    return bytes;
  }

  private List<String> names() throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileArrivesUnderItsName() throws IOException {
    byte[] content = content(1_000_000);
    hub.with(FILE, content).with("README.md", content(10));
    Path model = download().fetch(NAME, directory, "");
    assertThat(model).isEqualTo(directory.resolve(FILE)).hasBinaryContent(content);
    assertThat(names()).containsExactly(FILE);
  }

  @Test
  void aBrokenTransferGoesOnWhereItStopped() throws IOException {
    byte[] content = content(1_000_000);
    hub.with(FILE, content).breakAfter(300_000).breakAfter(300_000);
    assertThat(download().fetch(NAME, directory, "")).hasBinaryContent(content);
    assertThat(hub.requests()).hasSize(3);
    assertThat(hub.requests().get(1)).startsWith("GET " + FILE + " bytes=");
  }

  @Test
  void aLaterRunGoesOnWhereAnEarlierGaveUp() throws IOException {
    byte[] content = content(1_000_000);
    hub.with(FILE, content).breakAfter(600_000).breakAfter(0).breakAfter(0);
    assertThatThrownBy(() -> download().fetch(NAME, directory, ""))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("could not be fetched")
        .hasMessageContaining("are kept, so run the command again");
    assertThat(names()).allMatch(name -> name.startsWith(".") && name.endsWith(".part"));

    assertThat(download().fetch(NAME, directory, "")).hasBinaryContent(content);
    assertThat(hub.requests().getLast()).doesNotContain("null null").contains("bytes=");
    assertThat(notes).anyMatch(note -> note.startsWith(FILE + ": going on after "));
    assertThat(names()).containsExactly(FILE);
  }

  @Test
  void aPartOfAnotherVersionIsNotGoneOnWith() {
    hub.with(FILE, content(1_000_000)).breakAfter(600_000).breakAfter(0).breakAfter(0);
    assertThatThrownBy(() -> download().fetch(NAME, directory, "")).isNotNull();
    byte[] newer = content(1_200_000);
    hub.with(FILE, newer);
    assertThat(download().fetch(NAME, directory, "")).hasBinaryContent(newer);
  }

  @Test
  void aServerWithoutRangesStartsOver() {
    byte[] content = content(1_000_000);
    hub.with(FILE, content).breakAfter(600_000).ignoringRanges();
    assertThat(download().fetch(NAME, directory, "")).hasBinaryContent(content);
  }

  @Test
  void aWrongChecksumThrowsTheFileAway() throws IOException {
    hub.with(FILE, content(1_000)).corrupting(true);
    assertThatThrownBy(() -> download().fetch(NAME, directory, ""))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("arrived with SHA-256 ")
        .hasMessageContaining("was thrown away: run the command again");
    assertThat(names()).isEmpty();

    hub.corrupting(false);
    assertThat(download().fetch(NAME, directory, "")).hasBinaryContent(content(1_000));
  }

  @Test
  void whatIsThereAndWholeIsKept() {
    hub.with(FILE, content(1_000));
    download().fetch(NAME, directory, "");
    int before = hub.requests().size();
    download().fetch(NAME, directory, "");
    assertThat(hub.requests()).hasSize(before);
    assertThat(notes).contains(FILE + " is there already, and whole");
  }

  @Test
  void whatHasTheNameButIsAnotherIsNotOverwritten() throws IOException {
    hub.with(FILE, content(1_000));
    Files.writeString(directory.resolve(FILE), "mine");
    assertThatThrownBy(() -> download().fetch(NAME, directory, ""))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("delete it, or choose another name with --name");
    assertThat(directory.resolve(FILE)).hasContent("mine");
  }

  @Test
  void aModelInHuggingFacesFormatBecomesADirectory() throws IOException {
    hub.with("config.json", content(100))
        .with("model.safetensors", content(5_000))
        .with("tokenizer.json", content(300))
        .with("pytorch_model.bin", content(5_000))
        .with("onnx/config.json", content(7))
        .with(FILE, content(9));
    Path model = download().fetch(NAME, directory, "");
    assertThat(model).isEqualTo(directory.resolve("Tiny-Model")).isDirectory();
    try (var entries = Files.list(model)) {
      assertThat(entries.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("config.json", "model.safetensors", "tokenizer.json");
    }
    assertThat(names()).containsExactly("Tiny-Model");
  }

  @Test
  void aDirectoryHasItsNameOnlyWhenAllOfItIsThere() throws IOException {
    hub.with("config.json", content(100)).with("model.safetensors", content(5_000));
    hub.breakAfter(100).breakAfter(0).breakAfter(0);
    assertThatThrownBy(() -> download().fetch(NAME, directory, "")).isNotNull();
    assertThat(names()).containsExactly(".Tiny-Model.part");

    assertThat(download().fetch(NAME, directory, "").resolve("model.safetensors"))
        .hasBinaryContent(content(5_000));
    assertThat(hub.requests()).filteredOn(line -> line.contains("config.json")).hasSize(1);
  }

  @Test
  void shardsComeWithTheirIndex() {
    hub.with("config.json", content(100))
        .with("model.safetensors.index.json", content(40))
        .with("model-00001-of-00002.safetensors", content(50))
        .with("model-00002-of-00002.safetensors", content(60));
    Path model = download().fetch(NAME, directory, "other");
    assertThat(model).isEqualTo(directory.resolve("other"));
    assertThat(model.resolve("model-00002-of-00002.safetensors")).hasBinaryContent(content(60));
  }

  @Test
  void allPartsOfASplitFileComeAndTheFirstIsLast() throws IOException {
    hub.with("a-00001-of-00002.gguf", content(10)).with("a-00002-of-00002.gguf", content(20));
    Path model = download().fetch(NAME, directory, "");
    assertThat(model).isEqualTo(directory.resolve("a-00001-of-00002.gguf"));
    assertThat(names()).hasSize(2);
    assertThat(hub.requests().getLast()).startsWith("GET a-00001-of-00002.gguf");
  }

  @Test
  void oneOfSeveralFilesMustBeNamed() {
    hub.with("a.gguf", content(10)).with("sub/b.gguf", content(20));
    assertThatThrownBy(() -> download().fetch(NAME, directory, ""))
        .isInstanceOf(HubException.class)
        .hasMessage(
            "org/Tiny-Model has several GGUF files: name one, such as org/Tiny-Model:a.gguf"
                + " (there are a.gguf, sub/b.gguf)");
    HubName second = HubName.parse(FakeHub.REPOSITORY + ":sub/b.gguf");
    assertThat(download().fetch(second, directory, "c")).isEqualTo(directory.resolve("c.gguf"));
  }

  @Test
  void aRepositoryWithoutAModelIsRefused() {
    hub.with("README.md", content(10));
    assertThatThrownBy(() -> download().fetch(NAME, directory, ""))
        .hasMessageStartingWith("org/Tiny-Model has neither config.json with safetensors weights");
  }

  @Test
  void anUnknownRepositoryIsNamed() {
    assertThatThrownBy(() -> download().fetch(HubName.parse("org/none"), directory, ""))
        .isInstanceOf(HubException.class)
        .hasMessage("there is no org/none at " + hub.endpoint() + ": check the name");
  }

  @Test
  void theTokenGoesToTheHubAndNotToTheStorage() {
    hub.with(FILE, content(1_000)).requireToken("hf_secret");
    assertThatThrownBy(() -> download().fetch(NAME, directory, ""))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("set HF_TOKEN");
    download("hf_secret").fetch(NAME, directory, "");
    assertThat(hub.requests()).hasSize(1).allMatch(line -> line.endsWith(" null"));
  }

  @Test
  void aHubThatIsNotThereIsNamed() {
    hub.close();
    assertThatThrownBy(() -> download().fetch(NAME, directory, ""))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(hub.endpoint().getAuthority() + " cannot be reached");
  }
}
