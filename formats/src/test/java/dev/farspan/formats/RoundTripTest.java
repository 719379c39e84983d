package dev.farspan.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.formats.gguf.GgufFile;
import dev.farspan.formats.gguf.GgufNumbers;
import dev.farspan.formats.gguf.GgufValue;
import dev.farspan.formats.gguf.GgufValueType;
import dev.farspan.formats.gguf.GgufWriter;
import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.formats.safetensors.SafetensorsWriter;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What is written is what is read.
class RoundTripTest {
  @Property(tries = 50, seed = "20260314")
  void gguf(
      @ForAll("metadata") Map<String, GgufValue> metadata, @ForAll("tensors") List<Tensor> tensors)
      throws IOException {
    Path path = Files.createTempFile("round", ".gguf");
    try {
      GgufWriter.write(path, metadata, tensors);
      try (GgufFile file = GgufFile.open(path)) {
        assertThat(file.metadata()).isEqualTo(metadata);
        assertSame(tensors, file.tensors());
      }
    } finally {
      Files.delete(path);
    }
  }

  @Property(tries = 50, seed = "20260314")
  void safetensors(
      @ForAll("strings") Map<String, String> metadata, @ForAll("tensors") List<Tensor> tensors)
      throws IOException {
    Path path = Files.createTempFile("round", ".safetensors");
    try {
      SafetensorsWriter.write(path, tensors, metadata);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.metadata()).isEqualTo(metadata);
        assertSame(tensors, file.tensors());
      }
    } finally {
      Files.delete(path);
    }
  }

  private static void assertSame(List<Tensor> written, Map<String, Tensor> read) {
    assertThat(read.keySet())
        .containsExactlyElementsOf(written.stream().map(Tensor::name).toList());
    for (Tensor tensor : written) {
      Tensor other = read.get(tensor.name());
      assertThat(other.shape()).isEqualTo(tensor.shape());
      assertThat(other.data().mismatch(tensor.data())).isEqualTo(-1);
    }
  }

  /// Text of all planes but surrogates, which UTF-8 cannot spell alone.
  private static Arbitrary<String> text() {
    return Arbitraries.strings()
        .withChars('a', 'z')
        .withChars("\u0000\n\"\\äß日本\ufffd".toCharArray())
        .ofMaxLength(20);
  }

  @Provide
  Arbitrary<Map<String, String>> strings() {
    return Arbitraries.maps(text(), text()).ofMaxSize(5);
  }

  @Provide
  Arbitrary<Map<String, GgufValue>> metadata() {
    Arbitrary<GgufValue> values =
        Arbitraries.oneOf(
            List.of(
                text().map(GgufValue::text),
                text().list().ofMaxSize(5).map(GgufValue.Texts::new),
                Arbitraries.longs().map(value -> new GgufValue.Int(GgufValueType.I64, value)),
                Arbitraries.integers()
                    .between(0, 255)
                    .map(value -> new GgufValue.Int(GgufValueType.U8, value)),
                Arbitraries.doubles().map(value -> new GgufValue.Real(GgufValueType.F64, value)),
                Arbitraries.floats().map(GgufValue::f32),
                Arbitraries.floats().list().ofMaxSize(5).map(RoundTripTest::numbers)));
    return Arbitraries.maps(text(), values).ofMaxSize(5);
  }

  private static GgufValue numbers(List<Float> floats) {
    GgufNumbers inner = GgufNumbers.ofIntegers(GgufValueType.U16, floats.size());
    return new GgufValue.Nested(List.of(inner, inner));
  }

  @Provide
  Arbitrary<List<Tensor>> tensors() {
    Arbitrary<Integer> extent = Arbitraries.integers().between(0, 5);
    return Combinators.combine(text(), extent, extent)
        .as(
            (name, rows, cols) ->
                Tensor.ofFloats(name, Shape.of(rows, cols), new float[rows * cols]))
        .list()
        .uniqueElements(Tensor::name)
        .ofMaxSize(5);
  }
}
