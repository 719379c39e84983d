package dev.farspan.formats.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.ReferenceFiles;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  private static final Tensor A = Tensor.ofFloats("a", Shape.of(2), 1, 2);
  private static final Tensor B = Tensor.ofFloats("b", Shape.of(1), 3);

  @TempDir Path directory;

  @Test
  void readsEveryTypeThatTheReferenceWriterWrote() {
    Path path = ReferenceFiles.copy("reference.safetensors", directory);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.metadata().get("made_by")).contains("make_golden_files.py");
      assertThat(file.tensor("f32").shape()).isEqualTo(Shape.of(2, 3));
      assertThat(file.tensor("f32").toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
      assertThat(file.tensor("f64").toFloats()).containsExactly(0.1f);
      assertThat(file.tensor("f16").toFloats()).containsExactly(1.5f);
      assertThat(file.tensor("i64").toFloats()).containsExactly(-5);
      assertThat(file.tensor("i32").toFloats()).containsExactly(7);
      assertThat(file.tensor("i16").toFloats()).containsExactly(-9);
      assertThat(file.tensor("i8").toFloats()).containsExactly(-1);
      assertThat(file.tensor("u8").toFloats()).containsExactly(255);
      assertThat(file.tensor("bool").toFloats()).containsExactly(1, 0);
      assertThat(file.tensor("scalar").shape()).isEqualTo(Shape.of());
      assertThat(file.tensor("empty").toFloats()).isEmpty();
      assertThat(file.tensors()).hasSize(11);
    }
  }

  @Test
  void aMissingTensorIsAnErrorThatNamesSimilarOnes() {
    Path path = ReferenceFiles.copy("reference.safetensors", directory);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> file.tensor("f33"))
          .withMessageContaining("has no tensor 'f33'; similar: 'f32'");
    }
  }

  @Test
  void aDirectoryIsOpenedByItsModelFile() {
    assertRefused(directory, "is not a model directory");
    SafetensorsWriter.write(directory.resolve("model.safetensors"), List.of(A), Map.of());
    try (SafetensorsFile file = SafetensorsFile.open(directory)) {
      assertThat(file.tensor("a").dtype()).isEqualTo(DType.F32);
    }
  }

  @Test
  void shardsOfAnIndexAreOneCheckpoint() throws IOException {
    shards("{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}");
    try (SafetensorsFile file = SafetensorsFile.open(directory)) {
      assertThat(file.tensors().keySet()).containsExactly("a", "b");
      assertThat(file.tensor("b").toFloats()).containsExactly(3);
    }
  }

  @Test
  void anIndexThatDoesNotMatchItsShardsIsRefused() throws IOException {
    shards("{\"a\":\"one.safetensors\",\"b\":\"one.safetensors\"}");
    assertRefused(directory, "holds 1 of the 2 tensors");
    shards("{\"b\":\"one.safetensors\"}");
    assertRefused(directory, "holds tensor 'a', which");
    shards("{\"a\":\"three.safetensors\"}");
    assertRefused(directory, "three.safetensors: does not exist");
    shards("{}");
    assertRefused(directory, "has no weight_map");
    shards("{\"a\":\"\\ud800\"}");
    assertRefused(directory, "which this system cannot spell");
    for (String outside : List.of("../x", "/etc/x", "..", "a/b", "a\\\\b", "", "c:x")) {
      shards("{\"a\":\"" + outside + "\"}");
      assertRefused(directory, "not the name of a file beside it");
    }
  }

  private void shards(String weightMap) throws IOException {
    SafetensorsWriter.write(directory.resolve("one.safetensors"), List.of(A), Map.of());
    SafetensorsWriter.write(directory.resolve("two.safetensors"), List.of(B), Map.of());
    Files.writeString(
        directory.resolve("model.safetensors.index.json"),
        "{\"metadata\":{\"total_size\":12},\"weight_map\":" + weightMap + "}");
  }

  @Test
  void filesThatAreNotModelsAreRefusedInOneSentence() throws IOException {
    Path path = directory.resolve("made.safetensors");
    assertRefused(path, "does not exist");
    Files.write(path, new byte[0]);
    assertRefused(path, "is empty, not a model file");
    Files.writeString(path, "Hi");
    assertRefused(path, "is not a safetensors file");
    Files.writeString(path, "Hello, this is a text.");
    assertRefused(path, "is not a safetensors file, or cut off");
    Files.write(path, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
    assertRefused(path, "18446744073709551615");
  }

  /// Headers over 8 bytes of data.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}  | is not valid JSON
          []                                                     | is not a JSON object
          {"t":1}                                                | has not just dtype, shape
          {"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}} | has not just dtype
          {"t":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}   | has dtype '"F8_E4M3"'
          {"t":{"dtype":"Q4_0","shape":[32],"data_offsets":[0,18]}}    | has dtype '"Q4_0"'
          {"t":{"dtype":4,"shape":[8],"data_offsets":[0,8]}}           | has dtype '4'
          {"t":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}} | takes 12 bytes
          {"t":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}} | not a count
          {"t":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}} | not a count
          {"t":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}   | is not a list
          {"t":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}} | overflows
          {"t":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,8]}} | more bytes than
          {"t":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}} | not a count
          {"t":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}} | not a begin and an end
          {"t":{"dtype":"F32","shape":[2],"data_offsets":[0]}}   | not a begin and an end
          {"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | it is too long
          {"t":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}} | it is cut off
          {"t":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | gap is before it
          {"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"u":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | overlaps
          {"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"t":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | Duplicate
          {"__metadata__":{"k":1},"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | is not a string
          {"__metadata__":[],"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | is not an object
          {"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} {} | is not valid JSON
          """)
  void malformedHeadersAreRefused(String json, String problem) {
    assertRefused(made(json.getBytes(UTF_8)), problem);
  }

  @Test
  void invalidUtf8AndDeepNestingAreRefused() {
    assertRefused(made(new byte[] {'{', '"', -1, '"', '}'}), "is not valid UTF-8 at byte 2");
    assertRefused(made("[".repeat(100_000).getBytes(UTF_8)), "is not valid JSON");
  }

  private Path made(byte[] json) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    return ReferenceFiles.write(directory.resolve("made.safetensors"), bytes.array());
  }

  private static void assertRefused(Path path, String problem) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> SafetensorsFile.open(path).close())
        .withMessageContaining(path.toString())
        .withMessageContaining(problem);
  }
}
