package dev.farspan.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.farspan.formats.gguf.GgufFile;
import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// A damaged file opens, or a [FormatException] names it; nothing else happens.
class HostileFilesTest {
  private static final byte[] GGUF = ReferenceFiles.bytes("reference.gguf");
  private static final byte[] SAFETENSORS = ReferenceFiles.bytes("reference.safetensors");
  private static Path directory;

  @BeforeContainer
  static void makeDirectory() throws IOException {
    directory = Files.createTempDirectory("hostile");
  }

  @AfterContainer
  static void deleteDirectory() throws IOException {
    Files.deleteIfExists(directory.resolve("damaged.gguf"));
    Files.deleteIfExists(directory.resolve("damaged.safetensors"));
    Files.deleteIfExists(directory.resolve("damaged.json"));
    Files.delete(directory);
  }

  @Property(tries = 1000, seed = "20260314", shrinking = ShrinkingMode.OFF)
  void damagedGgufIsReadOrRefused(@ForAll long seed) {
    open("damaged.gguf", new Mutation(new Random(seed)).apply(GGUF), GgufFile::open);
  }

  @Property(tries = 1000, seed = "20260314", shrinking = ShrinkingMode.OFF)
  void damagedSafetensorsIsReadOrRefused(@ForAll long seed) {
    byte[] damaged = new Mutation(new Random(seed)).apply(SAFETENSORS);
    open("damaged.safetensors", seed % 2 == 0 ? fitted(damaged) : damaged, SafetensorsFile::open);
  }

  @Property(tries = 200, seed = "20260314", shrinking = ShrinkingMode.OFF)
  void damagedIndexIsReadOrRefused(@ForAll long seed) {
    byte[] index =
        "{\"metadata\":{\"total_size\":9},\"weight_map\":{\"a\":\"b\",\"c\":\"d\"}}"
            .getBytes(UTF_8);
    open("damaged.json", new Mutation(new Random(seed)).apply(index), SafetensorsFile::open);
  }

  @Tag("long")
  @Property(tries = 60_000, seed = "20260315", shrinking = ShrinkingMode.OFF)
  void manyDamagedGgufsAreReadOrRefused(@ForAll long seed) {
    damagedGgufIsReadOrRefused(seed);
  }

  @Tag("long")
  @Property(tries = 60_000, seed = "20260315", shrinking = ShrinkingMode.OFF)
  void manyDamagedSafetensorsAreReadOrRefused(@ForAll long seed) {
    damagedSafetensorsIsReadOrRefused(seed);
  }

  /// The header's length made right again, so that the damage reaches the JSON behind it.
  private static byte[] fitted(byte[] damaged) {
    if (damaged.length < Long.BYTES) {
      return damaged;
    }
    int end = Long.BYTES;
    for (int i = Long.BYTES; i < damaged.length; i++) {
      end = damaged[i] == '}' ? i + 1 : end;
    }
    ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putLong(0, end - Long.BYTES);
    return damaged;
  }

  /// Damage that is always refused, or never, would test little.
  @Example
  void someDamageIsReadAndSomeIsRefused() {
    int read = 0;
    for (long seed = 0; seed < 200; seed++) {
      byte[] gguf = new Mutation(new Random(seed)).apply(GGUF);
      read += open("damaged.gguf", gguf, GgufFile::open) ? 1 : 0;
      byte[] safetensors = fitted(new Mutation(new Random(seed)).apply(SAFETENSORS));
      read += open("damaged.safetensors", safetensors, SafetensorsFile::open) ? 1 : 0;
    }
    assertThat(read).isBetween(20, 380);
  }

  private static boolean open(String name, byte[] bytes, Function<Path, TensorSource> opener) {
    Path path = ReferenceFiles.write(directory.resolve(name), bytes);
    try (TensorSource source = opener.apply(path)) {
      source.tensors().values().forEach(HostileFilesTest::touch);
      return true;
    } catch (FormatException e) {
      // the index names its shards, which lie in the same directory
      assertThat(e).hasMessageStartingWith(directory.toString());
      assertThat(e.getMessage()).hasSizeLessThan(1000).doesNotContain("\n");
      return false;
    }
  }

  private static void touch(Tensor tensor) {
    assertThat(tensor.toFloats()).hasSize((int) tensor.shape().elements());
  }
}
