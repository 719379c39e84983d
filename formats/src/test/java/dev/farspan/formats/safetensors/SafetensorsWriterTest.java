package dev.farspan.formats.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.farspan.formats.TensorSink;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  private static final TensorSpec LOGITS = new TensorSpec("logits", DType.F32, Shape.of(100, 1000));
  private static final TensorSpec HALVES = new TensorSpec("halves", DType.F16, Shape.of(3));

  @TempDir Path directory;

  @Test
  void rowsAppendedInPiecesAreTheWholeTensor() {
    Path path = directory.resolve("out.safetensors");
    float[] values = new float[100_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    try (TensorSink writer =
        SafetensorsWriter.create(path, List.of(HALVES, LOGITS), Map.of("k", "größer\n"))) {
      writer.append("logits", values, 0, 1000);
      writer.append("halves", new float[] {9, 1, 2}, 1, 2);
      writer.append("logits", values, 1000, 99_000);
      writer.append("halves", MemorySegment.ofArray(new byte[] {0, 0x3c}));
      assertThat(path).doesNotExist();
      writer.finish();
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.tensors().keySet()).containsExactly("halves", "logits");
      assertThat(file.tensor("logits").toFloats()).isEqualTo(values);
      assertThat(file.tensor("halves").toFloats()).containsExactly(1, 2, 1);
      assertThat(file.metadata()).containsExactly(Map.entry("k", "größer\n"));
    }
  }

  @Test
  void everyTensorIsAlignedToItsType() {
    Path path = directory.resolve("out.safetensors");
    Tensor odd = new Tensor("odd", DType.U8, Shape.of(3), MemorySegment.ofArray(new byte[3]));
    Tensor wide = new Tensor("wide", DType.F64, Shape.of(1), MemorySegment.ofArray(new byte[8]));
    SafetensorsWriter.write(path, List.of(odd, wide), Map.of());
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.tensor("wide").data().address() % 8).isZero();
      assertThat(file.tensors().keySet()).containsExactly("odd", "wide");
    }
  }

  @Test
  void anUnfinishedFileLeavesNothingBehind() throws IOException {
    Path path = directory.resolve("out.safetensors");
    try (TensorSink writer = SafetensorsWriter.create(path, List.of(HALVES), Map.of())) {
      writer.append("halves", new float[2], 0, 2);
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(writer::finish)
          .withMessage("tensor 'halves' lacks 2 bytes");
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whatWasNotDeclaredIsRefused() {
    Path path = directory.resolve("out.safetensors");
    try (TensorSink writer = SafetensorsWriter.create(path, List.of(HALVES), Map.of())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.append("halfs", new float[1], 0, 1))
          .withMessageContaining("'halves'");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.append("halves", new float[4], 0, 4))
          .withMessageContaining("needs 6 more bytes, not 8");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SafetensorsWriter.create(path, List.of(HALVES, HALVES), Map.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TensorSpec("q", DType.Q8_0, Shape.of(32)))
        .withMessageContaining("Q8_0");
  }
}
