package dev.farspan.formats.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.ReferenceFiles;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
  @TempDir Path directory;

  @Test
  void isInANamedModule() {
    assertThat(GgufFile.class.getModule().isNamed()).isTrue();
  }

  @Test
  void readsEveryValueThatTheReferenceWriterWrote() {
    try (GgufFile file = GgufFile.open(ReferenceFiles.copy("reference.gguf", directory))) {
      GgufMetadata metadata = file.metadata();
      assertThat(file.version()).isEqualTo(3);
      assertThat(metadata.text("general.architecture")).isEqualTo("test");
      assertThat(metadata.integer("test.u8")).isEqualTo(200);
      assertThat(metadata.integer("test.i8")).isEqualTo(-100);
      assertThat(metadata.integer("test.u16")).isEqualTo(60000);
      assertThat(metadata.integer("test.i16")).isEqualTo(-30000);
      assertThat(metadata.integer("test.u32")).isEqualTo(4_000_000_000L);
      assertThat(metadata.integer("test.i32")).isEqualTo(-2_000_000_000);
      assertThat(metadata.integer("test.i64")).isEqualTo(Long.MIN_VALUE);
      assertThat(metadata.get("test.u64")).isEqualTo(new GgufValue.Int(GgufValueType.U64, -1));
      assertThat(metadata.real("test.f32")).isEqualTo(0.1f);
      assertThat(metadata.real("test.f64")).isEqualTo(0.1);
      assertThat(metadata.real("test.u8")).isEqualTo(200);
      assertThat(metadata.bool("test.bool")).isTrue();
      assertThat(metadata.text("test.text")).isEqualTo("größer 日本 🦙");
      // the last is a replacement character that is really in the file
      assertThat(metadata.texts("test.texts")).containsExactly("a", "", "ü", "\ufffd");
      assertThat(metadata.numbers("test.ints"))
          .isEqualTo(GgufNumbers.ofIntegers(GgufValueType.I32, 1, -2, 3));
      assertThat(metadata.numbers("test.floats")).isEqualTo(GgufNumbers.ofFloats(0.5f, -1.5f));
      assertThat(metadata.numbers("test.bools").integer(0)).isEqualTo(1);
      assertThat(metadata.get("test.nested"))
          .isEqualTo(
              new GgufValue.Nested(
                  List.of(
                      GgufNumbers.ofIntegers(GgufValueType.I32, 1, 2),
                      GgufNumbers.ofIntegers(GgufValueType.I32, 3))));
    }
  }

  @Test
  void readsEveryTensorThatTheReferenceWriterWrote() {
    try (GgufFile file = GgufFile.open(ReferenceFiles.copy("reference.gguf", directory))) {
      assertThat(file.tensors().keySet()).containsExactly("plain", "half", "quantized");
      assertThat(file.tensor("plain").shape()).isEqualTo(Shape.of(2, 3));
      assertThat(file.tensor("plain").toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
      assertThat(file.tensor("half").toFloats()).containsExactly(1.5f, -2);
      assertThat(file.tensor("quantized").dtype()).isEqualTo(DType.Q8_0);
      // the first row is -30 to 1 in steps of 30/127, so its first value is exact but for the scale
      assertThat(file.tensor("quantized").toFloats()[0]).isCloseTo(-30, within(0.02f));
    }
  }

  private static org.assertj.core.data.Offset<Float> within(float offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  @Test
  void aMissingTensorIsAnErrorThatNamesSimilarOnes() {
    try (GgufFile file = GgufFile.open(ReferenceFiles.copy("reference.gguf", directory))) {
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> file.tensor("quantised"))
          .withMessageContaining("has no tensor 'quantised'; similar: 'quantized'");
    }
  }

  @Test
  void aMissingOrMistypedKeyIsAnErrorThatSaysWhatIsThere() {
    try (GgufFile file = GgufFile.open(ReferenceFiles.copy("reference.gguf", directory))) {
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> file.metadata().integer("test.text"))
          .withMessageEndingWith(
              "key 'test.text' should be an integer but is the string 'größer 日本 🦙'");
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> file.metadata().texts("test.text_"))
          .withMessageContaining("lacks key 'test.text_'; similar: 'test.text'");
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> file.metadata().integer("test.u64"))
          .withMessageContaining("18446744073709551615");
    }
  }

  @Test
  void aTensorOfAnUnreadTypeIsDescribedButNotHandedOut() {
    Path path =
        write(
            encoder -> {
              header(encoder, 1, 0);
              tensor(encoder, "blk.0.ffn", GgmlType.MXFP4.id(), 0, 32);
              encoder.align(32);
              encoder.putLong(0);
              encoder.putLong(0);
              encoder.putInt(0);
            });
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.infos().get("blk.0.ffn").type()).isEqualTo(GgmlType.MXFP4);
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> file.tensor("blk.0.ffn"))
          .withMessageContaining("tensor 'blk.0.ffn' has type MXFP4, which is not read");
      assertThatExceptionOfType(FormatException.class).isThrownBy(file::tensors);
    }
  }

  @Test
  void filesThatAreNotModelsAreRefusedInOneSentence() {
    assertRefused(directory, "is a directory, not a model file");
    assertRefused(directory.resolve("absent.gguf"), "does not exist");
    assertRefused(file(new byte[0]), "is empty, not a model file");
    assertRefused(file("Hello, world".getBytes()), "is not a GGUF file");
    assertRefused(file(new byte[] {'G', 'G', 'U', 'F', 0, 0, 0, 3}), "is a big-endian GGUF file");
    assertRefused(file(new byte[] {'G', 'G', 'U', 'F', 1, 0, 0, 0}), "is GGUF version 1");
    assertRefused(file(new byte[] {'G', 'G', 'U', 'F', 3, 0, 0, 0}), "ends inside the tensors");
  }

  @Test
  void countsThatTheFileCannotHoldAreRefused() {
    assertRefused(
        write(encoder -> header(encoder, 1L << 60, 0)),
        "has a count of 1152921504606846976 for the tensors");
    assertRefused(write(encoder -> header(encoder, 0, -1)), "18446744073709551615");
    assertRefused(
        write(
            encoder -> {
              header(encoder, 0, 1);
              encoder.putString("k");
              encoder.putInt(9);
              encoder.putInt(10);
              encoder.putLong(1L << 61); // times 8 bytes overflows to 0
            }),
        "for the value of 'k', but what is left");
  }

  @Test
  void duplicateKeysAndNamesAreRefused() {
    assertRefused(
        write(
            encoder -> {
              header(encoder, 0, 2);
              for (int i = 0; i < 2; i++) {
                encoder.putString("k");
                encoder.putTyped(GgufValue.bool(true));
              }
            }),
        "has metadata key 'k' twice");
    assertRefused(
        write(
            encoder -> {
              header(encoder, 2, 0);
              tensor(encoder, "t", 0, 0, 1);
              tensor(encoder, "t", 0, 32, 1);
            }),
        "has tensor 't' twice");
  }

  @Test
  void malformedValuesAreRefused() {
    assertRefused(entry(encoder -> encoder.putInt(13)), "has type number 13");
    assertRefused(
        entry(
            encoder -> {
              encoder.putInt(8);
              encoder.putLong(4);
              encoder.putInt(0xffffffff);
            }),
        "is not valid UTF-8");
    assertRefused(
        entry(
            encoder -> {
              encoder.putInt(7);
              encoder.putInt(2);
            }),
        "neither 0 nor 1");
  }

  @Test
  void deepNestingIsRefused() {
    assertRefused(
        entry(
            encoder -> {
              encoder.putInt(9);
              for (int i = 0; i < 100; i++) {
                encoder.putInt(9);
                encoder.putLong(1);
              }
            }),
        "nested more than 4 deep");
  }

  @Test
  void tensorsOutsideTheDataOrOverEachOtherAreRefused() {
    assertRefused(tensors(0, 8, 32, 9), "outside of it or in another tensor");
    assertRefused(tensors(0, 8, 0, 8), "outside of it or in another tensor");
    assertRefused(tensors(0, 8, -32, 8), "18446744073709551584");
    assertRefused(tensors(0, 4, 16, 4), "not a multiple of the alignment 32");
    assertRefused(tensors(0, 1L << 62, 32, 8), "overflow");
    assertRefused(tensors(0, -1, 32, 8), "negative extent");
  }

  /// Two F32 vectors in 64 bytes of data.
  private Path tensors(long offset0, long size0, long offset1, long size1) {
    return write(
        encoder -> {
          header(encoder, 2, 0);
          tensor(encoder, "a", 0, offset0, size0);
          tensor(encoder, "b", 0, offset1, size1);
          encoder.align(32);
          for (int i = 0; i < 8; i++) {
            encoder.putLong(0);
          }
        });
  }

  private Path entry(Consumer<GgufEncoder> value) {
    return write(
        encoder -> {
          header(encoder, 0, 1);
          encoder.putString("k");
          value.accept(encoder);
          encoder.putLong(0);
        });
  }

  private static void header(GgufEncoder encoder, long tensors, long entries) {
    encoder.putInt(GgufHeader.MAGIC);
    encoder.putInt(3);
    encoder.putLong(tensors);
    encoder.putLong(entries);
  }

  private static void tensor(GgufEncoder encoder, String name, int type, long offset, long size) {
    encoder.putString(name);
    encoder.putInt(1);
    encoder.putLong(size);
    encoder.putInt(type);
    encoder.putLong(offset);
  }

  private Path write(Consumer<GgufEncoder> content) {
    GgufEncoder encoder = new GgufEncoder();
    content.accept(encoder);
    return file(encoder.toByteArray());
  }

  private Path file(byte[] bytes) {
    return ReferenceFiles.write(directory.resolve("made.gguf"), bytes);
  }

  private static void assertRefused(Path path, String problem) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> GgufFile.open(path).close())
        .withMessageStartingWith(path + ": ")
        .withMessageContaining(problem);
  }
}
