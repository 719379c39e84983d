package dev.farspan.formats.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.formats.FormatException;
import dev.farspan.formats.gguf.GgufNumbers;
import dev.farspan.formats.gguf.GgufValue;
import dev.farspan.formats.gguf.GgufValueType;
import dev.farspan.formats.gguf.GgufWriter;
import dev.farspan.formats.safetensors.SafetensorsWriter;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final Tensor WEIGHT =
      Tensor.ofFloats("token_embd.weight", Shape.of(2, 4), 1, 2, 3, 4, 5, 6, 7, 8);
  private static final String CONFIG =
      """
      {"model_type": "llama", "vocab_size": 2, "hidden_size": 4, "intermediate_size": 8,
       "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1,
       "max_position_embeddings": 16, "rope_theta": 10000.0, "head_dim": null,
       "eos_token_id": 1}
      """;

  @TempDir Path directory;

  private Path huggingFace() throws IOException {
    SafetensorsWriter.write(directory.resolve("model.safetensors"), List.of(WEIGHT), Map.of());
    Files.writeString(directory.resolve("config.json"), CONFIG);
    return directory;
  }

  private Path gguf() {
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", GgufValue.text("llama"));
    for (var count :
        Map.of(
                "block_count", 1,
                "context_length", 16,
                "embedding_length", 4,
                "feed_forward_length", 8,
                "attention.head_count", 2)
            .entrySet()) {
      metadata.put("llama." + count.getKey(), GgufValue.u32(count.getValue()));
    }
    metadata.put("llama.attention.layer_norm_rms_epsilon", GgufValue.f32(1e-5f));
    metadata.put("tokenizer.ggml.tokens", new GgufValue.Texts(List.of("a", "b")));
    metadata.put("tokenizer.ggml.scores", GgufNumbers.ofFloats(0, -1));
    metadata.put("tokenizer.ggml.token_type", GgufNumbers.ofIntegers(GgufValueType.I32, 1, 3));
    metadata.put("tokenizer.ggml.eos_token_id", GgufValue.u32(1));
    metadata.put("tokenizer.ggml.add_bos_token", GgufValue.bool(false));
    metadata.put("tokenizer.chat_template", GgufValue.text("{{ x }}"));
    Path path = directory.resolve("model.gguf");
    GgufWriter.write(path, metadata, List.of(WEIGHT));
    return path;
  }

  @Test
  void aDirectoryIsAHuggingFaceModel() throws IOException {
    Files.writeString(huggingFace().resolve("tokenizer.json"), "{}");
    try (Checkpoint checkpoint = Checkpoint.open(directory)) {
      assertThat(checkpoint.layout()).isEqualTo(Checkpoint.Layout.HUGGING_FACE);
      assertThat(checkpoint.path()).isEqualTo(directory);
      assertThat(checkpoint.config().hiddenSize()).isEqualTo(4);
      assertThat(checkpoint.findings()).hasSize(1); // head_dim is null
      assertThat(checkpoint.endOfText()).containsExactly(1);
      assertThat(checkpoint.tensors()).containsOnlyKeys("token_embd.weight");
      var tokenizer = (TokenizerFiles.HuggingFace) checkpoint.tokenizer();
      assertThat(tokenizer.tokenizer()).contains(directory.resolve("tokenizer.json"));
      assertThat(tokenizer.config()).isEmpty();
      assertThat(tokenizer.chatTemplate()).isEmpty();
    }
  }

  @Test
  void aGgufFileCarriesItsTokenizer() {
    try (Checkpoint checkpoint = Checkpoint.open(gguf())) {
      assertThat(checkpoint.layout()).isEqualTo(Checkpoint.Layout.GGUF);
      assertThat(checkpoint.config().vocabSize()).isEqualTo(2);
      assertThat(checkpoint.endOfText()).containsExactly(1);
      assertThat(checkpoint.tensors().get("token_embd.weight").toFloats())
          .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
      var tokenizer = (TokenizerFiles.Gguf) checkpoint.tokenizer();
      assertThat(tokenizer.chatTemplate()).contains("{{ x }}");
      assertThat(tokenizer.metadata())
          .containsEntry("tokenizer.ggml.tokens", List.of("a", "b"))
          .containsEntry("tokenizer.ggml.scores", new float[] {0, -1})
          .containsEntry("tokenizer.ggml.token_type", new int[] {1, 3})
          .containsEntry("tokenizer.ggml.add_bos_token", false)
          .containsEntry("tokenizer.ggml.eos_token_id", 1L)
          .allSatisfy((key, _) -> assertThat(key).startsWith("tokenizer."));
    }
  }

  @Test
  void whatIsNoModelIsRefusedInOneSentence() throws IOException {
    Path text = Files.writeString(directory.resolve("notes.txt"), "hello");
    refused(text, "is no model: name a .gguf file or a directory with config.json");
    refused(directory, "is not a model directory: it has no config.json");
    refused(directory.resolve("absent"), "does not exist");
    refused(directory.resolve("absent.gguf"), "does not exist");
    Files.writeString(directory.resolve("config.json"), CONFIG);
    refused(directory, "it has neither model.safetensors nor model.safetensors.index.json");
    Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"bert\"}");
    refused(directory, "has model_type 'bert', which is not supported");
  }

  /// An adapter that trains the one tensor that the base of these tests has.
  private Path adapter(String base) throws IOException {
    Path adapter = Files.createDirectories(directory.resolve("adapters/own"));
    Files.writeString(
        adapter.resolve("adapter_config.json"),
        "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 1, \"base_model_name_or_path\": \"%s\"}"
            .formatted(base));
    SafetensorsWriter.write(
        adapter.resolve("adapter_model.safetensors"),
        List.of(
            Tensor.ofFloats(
                "base_model.model.token_embd.weight", Shape.of(2, 4), 8, 7, 6, 5, 4, 3, 2, 1)),
        Map.of());
    return adapter;
  }

  @Test
  void anAdapterFindsItsBaseFromWhereItLiesOrBesideIt() throws IOException {
    Path base = huggingFace();
    Path twin = Files.createDirectories(directory.resolve("adapters/twin"));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(base.resolve(file), twin.resolve(file));
    }
    finds("../..", base);
    finds(base.toString(), base);
    finds("someone/twin", twin);
    refused(adapter("gone/away"), "the base model 'gone/away' is neither there nor beside");
    refused(adapter("."), "is an adapter, not the model that an adapter is for");
  }

  private void finds(String name, Path base) throws IOException {
    Path adapter = adapter(name);
    try (Checkpoint checkpoint = Checkpoint.open(adapter)) {
      assertThat(checkpoint.path()).isEqualTo(adapter);
      assertThat(checkpoint.parts().model().toRealPath()).isEqualTo(base.toRealPath());
      assertThat(checkpoint.tensors().get("token_embd.weight").toFloats())
          .containsExactly(8, 7, 6, 5, 4, 3, 2, 1);
      assertThat(checkpoint.endOfText()).containsExactly(1);
    }
  }

  @Test
  void theConfigurationBesideAnAdapterIsTheScalingThatItWasTrainedUnder() throws IOException {
    huggingFace();
    Path adapter = adapter("../..");
    String scaled =
        CONFIG
            .replace("\"max_position_embeddings\": 16", "\"max_position_embeddings\": 64")
            .replace(
                "\"eos_token_id\": 1",
                "\"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 4.0}");
    Files.writeString(adapter.resolve("config.json"), scaled);
    try (Checkpoint checkpoint = Checkpoint.open(adapter)) {
      assertThat(checkpoint.config().maxLength()).isEqualTo(64);
      assertThat(checkpoint.config().mainRope().scaling()).isEqualTo(new FrequencyPolicy.Linear(4));
    }
    Files.writeString(adapter.resolve("config.json"), scaled.replace("10000.0", "20000.0"));
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> Checkpoint.open(adapter))
        .withMessageContaining("is the configuration of another model than the base ");
  }

  private static void refused(Path path, String message) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> Checkpoint.open(path))
        .withMessageStartingWith(path.toString())
        .withMessageContaining(message);
  }
}
