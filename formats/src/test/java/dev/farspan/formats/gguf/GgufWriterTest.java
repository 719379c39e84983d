package dev.farspan.formats.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.ReferenceFiles;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
  private static final Tensor A = Tensor.ofFloats("a", Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
  private static final Tensor B = Tensor.ofFloats("b", Shape.of(1), 7);

  @TempDir Path directory;

  @Test
  void aFileThatIsReadAndWrittenKeepsEveryValueAndTensor() {
    Path copy = directory.resolve("copy.gguf");
    try (GgufFile file = GgufFile.open(ReferenceFiles.copy("reference.gguf", directory))) {
      GgufWriter.write(copy, file.metadata(), file.tensors().values());
    }
    // the reference writer pads in the same way, so even the bytes are the same
    assertThat(copy).hasBinaryContent(ReferenceFiles.bytes("reference.gguf"));
  }

  @Test
  void textThatUtf8CannotSpellIsRefused() {
    Path path = directory.resolve("bad.gguf");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GgufWriter.write(path, Map.of("k", GgufValue.text("\ud800")), List.of()));
    assertThat(path).doesNotExist();
  }

  @Test
  void aMissingDirectoryIsNamedInTheError() {
    Path path = directory.resolve("absent").resolve("a.gguf");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> GgufWriter.write(path, Map.of(), List.of()))
        .withMessage(path + ": cannot be written: there is no such file or directory");
  }

  @Test
  void theAlignmentOfTheMetadataIsHonoured() {
    Path path = directory.resolve("aligned.gguf");
    GgufWriter.write(path, Map.of("general.alignment", GgufValue.u32(256)), List.of(A, B));
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.infos().get("b").offset()).isEqualTo(256);
      assertThat(file.tensor("b").toFloats()).containsExactly(7);
      assertThat(file.tensor("a").toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                GgufWriter.write(path, Map.of("general.alignment", GgufValue.u32(48)), List.of(A)));
  }

  @Test
  void whatTheFormatCannotHoldIsRefusedAndTheOldFileStays() throws IOException {
    Path path = directory.resolve("kept.gguf");
    GgufWriter.write(path, Map.of(), List.of(B));
    Tensor bool = new Tensor("c", DType.BOOL, Shape.of(1), MemorySegment.ofArray(new byte[1]));
    for (List<Tensor> bad :
        List.of(
            List.of(A, A),
            List.of(bool),
            List.of(Tensor.ofFloats("d", Shape.of(1, 1, 1, 1, 1), 0)))) {
      assertThatIllegalArgumentException().isThrownBy(() -> GgufWriter.write(path, Map.of(), bad));
    }
    try (GgufFile file = GgufFile.open(path);
        Stream<Path> left = Files.list(directory)) {
      assertThat(file.tensors()).containsOnlyKeys("b");
      assertThat(left).containsExactly(path);
    }
  }

  @Test
  void anUnfinishedFileLeavesNothingBehind() throws IOException {
    Path path = directory.resolve("failed.gguf");
    // memory that is no longer alive makes the write fail half way
    MemorySegment dead;
    try (var arena = java.lang.foreign.Arena.ofConfined()) {
      dead = arena.allocate(4);
    }
    Tensor tensor = new Tensor("dead", DType.F32, Shape.of(1), dead);
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> GgufWriter.write(path, Map.of(), List.of(A, tensor)));
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void partsOfASplitModelAreOneModel() {
    Path first = part(0, 2, A);
    part(1, 2, B);
    try (GgufFile file = GgufFile.open(first)) {
      assertThat(file.tensors().keySet()).containsExactly("a", "b");
      assertThat(file.tensor("b").toFloats()).containsExactly(7);
    }
  }

  @Test
  void splitModelsWithPartsMissingSwappedOrWrongAreRefused() throws IOException {
    Path first = part(0, 2, A);
    assertRefused(first, "m-00002-of-00002.gguf: does not exist");
    Path second = part(1, 2, A);
    assertRefused(first, "has tensor 'a' in two parts");
    assertRefused(second, "open the first part");
    part(1, 3, B);
    Files.copy(
        directory.resolve("m-00002-of-00003.gguf"),
        second,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertRefused(first, "split.count differs");
    Path renamed = Files.move(first, directory.resolve("renamed.gguf"));
    assertRefused(renamed, "must be called NAME-00001-of-00002.gguf");
  }

  @Test
  void splitModelsThatLackTensorsAreRefused() {
    Path first = part(0, 2, A);
    Path second = directory.resolve("m-00002-of-00002.gguf");
    Map<String, GgufValue> metadata = split(1, 2);
    GgufWriter.write(second, metadata, List.of());
    assertRefused(first, "says its parts hold 2 tensors, but they hold 1");
  }

  private Path part(int number, int count, Tensor tensor) {
    Path path = directory.resolve("m-%05d-of-%05d.gguf".formatted(number + 1, count));
    GgufWriter.write(path, split(number, count), List.of(tensor));
    return path;
  }

  private static Map<String, GgufValue> split(int number, int count) {
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put("split.no", new GgufValue.Int(GgufValueType.U16, number));
    metadata.put("split.count", new GgufValue.Int(GgufValueType.U16, count));
    metadata.put("split.tensors.count", new GgufValue.Int(GgufValueType.I32, 2));
    return metadata;
  }

  private static void assertRefused(Path path, String problem) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> GgufFile.open(path).close())
        .withMessageContaining(problem);
  }
}
