package dev.farspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.formats.safetensors.SafetensorsWriter;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every command takes an adapter's directory for a model; the logits are PEFT's.
class AdapterCommandsTest {
  /// Float32 rounding of two layers with logits of up to 7.
  private static final double ROUNDING = 1e-4;

  private static final Path ADAPTERS = Golden.tiny("../adapters");

  @TempDir Path directory;
  private Terminal terminal;

  @BeforeEach
  void prepare() {
    terminal = Terminal.withStore(directory);
  }

  private Terminal.Outcome verify(Object model, String adapter, Object... options) {
    List<Object> words =
        new ArrayList<>(
            List.of("verify", model, "--tolerance", ROUNDING, "--expected", expected(adapter)));
    words.addAll(List.of(options));
    return terminal.run(words.toArray());
  }

  private static Path expected(String adapter) {
    return ADAPTERS.resolve(adapter).resolve("expected.safetensors");
  }

  private static void passed(Terminal.Outcome outcome) {
    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
  }

  @Test
  void anAdapterIsNamedAloneOrBesideItsBase() {
    Path plain = ADAPTERS.resolve("plain");
    Path base = ADAPTERS.resolve("base");
    passed(verify(plain, "plain"));
    passed(verify(base, "plain", "--adapter", plain));
    assertThat(verify(base, "plain").exit()).isOne();
    verify(plain, "plain", "--adapter", plain).hasFailed(1, "is an adapter, not the model that");
    verify(Golden.tiny("llama-tied"), "plain", "--adapter", plain)
        .hasFailed(1, "is an adapter of another model than ");
  }

  /// The names of llama.cpp, with the rows of queries and keys in its order.
  @ParameterizedTest
  @ValueSource(strings = {"plain", "patterns", "tied", "apart", "both", "embedding", "bias"})
  void aGgufFileTakesAnAdapter(String adapter) {
    Path base = directory.resolve("base.gguf");
    passed(
        terminal.run(
            "export", ADAPTERS.resolve("base"), "--format", "gguf", "--out", base, "--quiet"));
    passed(verify(base, adapter, "--adapter", ADAPTERS.resolve(adapter)));
  }

  /// What is exported is a whole model; a head that the adapter trained apart is written apart.
  @ParameterizedTest
  @ValueSource(strings = {"patterns", "tied", "apart", "bias"})
  void anExportIsMerged(String adapter) {
    for (String format : List.of("hf", "gguf")) {
      Path out = directory.resolve(format.equals("hf") ? "merged" : "merged.gguf");
      passed(
          terminal.run(
              "export", ADAPTERS.resolve(adapter), "--format", format, "--out", out, "--quiet"));
      passed(verify(out, adapter));
    }
  }

  @Test
  void theOtherCommandsTakeItToo() throws IOException {
    Path store = Files.createDirectories(directory.resolve("store"));
    Path base = Golden.withTokenizer("llama-tied", store);
    Path adapter = Files.createDirectories(store.resolve("own"));
    Files.writeString(
        adapter.resolve("adapter_config.json"),
        "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 1, \"base_model_name_or_path\": \"hub/llama-tied\"}");
    trained(base, adapter);
    Terminal inStore = Terminal.withStore(store);
    assertThat(inStore.run("models").out()).contains("own ").contains("llama-tied ");
    assertThat(inStore.run("info", "own").out()).contains("own");
    passed(inStore.run("plan", "own", "--context", "128"));
    passed(inStore.run("rope", "own", "--method", "file", "--length", "64"));
    passed(inStore.run("generate", "own", "-p", "abc", "--max-tokens", "2", "--quiet"));
    String other = Files.readString(adapter.resolve("adapter_config.json")).replace("LORA", "LOHA");
    Files.writeString(adapter.resolve("adapter_config.json"), other);
    inStore
        .run("generate", "own", "-p", "abc")
        .hasFailed(1, "is an adapter of the type 'LOHA'; only LORA can be run here");
  }

  /// An adapter that holds the base's final norm as it is.
  private static void trained(Path base, Path adapter) {
    try (var file = SafetensorsFile.open(base)) {
      var norm = file.tensor("model.norm.weight");
      SafetensorsWriter.write(
          adapter.resolve("adapter_model.safetensors"),
          List.of(
              new Tensor(
                  "base_model.model.model.norm.weight", norm.dtype(), norm.shape(), norm.data())),
          Map.of());
    }
  }
}
