package dev.farspan.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BlocksTest {
  /// A line of blocks.golden; how it was made stands in the file's first line.
  record Golden(DType dtype, byte[] input, byte[] output) {
    @Override
    public String toString() {
      return dtype.name();
    }
  }

  static List<Golden> decoded() throws IOException {
    return golden("decode");
  }

  static List<Golden> encoded() throws IOException {
    return golden("encode");
  }

  static List<Golden> golden(String kind) throws IOException {
    try (InputStream in = BlocksTest.class.getResourceAsStream("blocks.golden")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8)
          .lines()
          .map(line -> line.split(" "))
          .filter(fields -> fields[0].equals(kind))
          .map(
              fields ->
                  new Golden(
                      DType.valueOf(fields[1]),
                      HexFormat.of().parseHex(fields[2]),
                      HexFormat.of().parseHex(fields[3])))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("decoded")
  void decodesTheSameBitsAsGguf(Golden golden) {
    float[] expected = floats(golden.output);
    float[] actual = new float[expected.length + 3];
    Blocks.decode(golden.dtype, MemorySegment.ofArray(golden.input), 0, actual, 3, expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Float.floatToRawIntBits(actual[i + 3]))
          .as("element %d: %s, expected %s", i, actual[i + 3], expected[i])
          .isEqualTo(Float.floatToRawIntBits(expected[i]));
    }
  }

  @ParameterizedTest
  @MethodSource("encoded")
  void encodesTheSameBytesAsGguf(Golden golden) {
    float[] values = floats(golden.input);
    byte[] actual = new byte[golden.output.length + 1];
    Blocks.encode(golden.dtype, values, 0, values.length, MemorySegment.ofArray(actual), 1);
    assertThat(HexFormat.of().formatHex(actual, 1, actual.length))
        .isEqualTo(HexFormat.of().formatHex(golden.output));
  }

  @Test
  void everyQuantizedTypeHasAGoldenBlock() throws IOException {
    List<DType> covered = golden("decode").stream().map(Golden::dtype).toList();
    for (DType dtype : DType.values()) {
      if (dtype.isQuantized()) {
        assertThat(covered).contains(dtype);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0", "Q4_1"})
  void encodedValuesComeBackWithinHalfAStep(DType dtype) {
    Random random = new Random(7);
    float[] values = new float[256];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    MemorySegment blocks = MemorySegment.ofArray(new byte[(int) dtype.bytes(values.length)]);
    Blocks.encode(dtype, values, 0, values.length, blocks, 0);
    float[] back = new float[values.length];
    Blocks.decode(dtype, blocks, 0, back, 0, back.length);
    // half a step of at most 1/127, 1/8, 2/15, and the F16 rounding of scale and minimum. Q4_0's
    // positive side ends at +7 steps, so a value may be off by a whole step there.
    float bound = dtype == DType.Q8_0 ? 0.005f : dtype == DType.Q4_0 ? 0.126f : 0.068f;
    for (int i = 0; i < values.length; i++) {
      assertThat(Math.abs(back[i] - values[i])).isLessThan(bound);
    }
  }

  @Test
  void integersAndDoublesBecomeTheNearestFloat() {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, -(1L << 40)).putDouble(8, 0.1);
    MemorySegment src = MemorySegment.ofArray(bytes.array());
    float[] out = new float[1];
    Blocks.decode(DType.I64, src, 0, out, 0, 1);
    assertThat(out[0]).isEqualTo(-0x1p40f);
    Blocks.decode(DType.F64, src, 8, out, 0, 1);
    assertThat(out[0]).isEqualTo(0.1f);
    MemorySegment minusOne = MemorySegment.ofArray(new byte[] {-1, -1, -1, -1});
    for (DType dtype : List.of(DType.I8, DType.I16, DType.I32)) {
      Blocks.decode(dtype, minusOne, 0, out, 0, 1);
      assertThat(out[0]).isEqualTo(-1);
    }
    Blocks.decode(DType.U8, minusOne, 0, out, 0, 1);
    assertThat(out[0]).isEqualTo(255);
    Blocks.decode(DType.BOOL, minusOne, 0, out, 0, 1);
    assertThat(out[0]).isEqualTo(1);
  }

  @Test
  void nanStaysNanInBf16() {
    MemorySegment dst = MemorySegment.ofArray(new byte[2]);
    // the payload sits in the low half only, so that cutting it off would leave an infinity
    Blocks.encode(DType.BF16, new float[] {Float.intBitsToFloat(0x7f800001)}, 0, 1, dst, 0);
    float[] back = new float[1];
    Blocks.decode(DType.BF16, dst, 0, back, 0, 1);
    assertThat(back[0]).isNaN();
  }

  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0", "Q4_1"})
  void whatCannotBeQuantizedIsRefused(DType dtype) {
    MemorySegment dst = MemorySegment.ofArray(new byte[dtype.blockBytes()]);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1e30f}) {
      float[] values = new float[32];
      values[17] = bad;
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Blocks.encode(dtype, values, 0, 32, dst, 0));
    }
  }

  @Test
  void rangesOutsideTheMemoryAreRefused() {
    MemorySegment src = MemorySegment.ofArray(new byte[18]);
    float[] dst = new float[32];
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Blocks.decode(DType.Q4_0, src, 1, dst, 0, 32));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Blocks.decode(DType.Q4_0, src, 0, dst, 1, 32));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Blocks.decode(DType.Q4_0, src, 0, dst, 0, 16));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Blocks.encode(DType.Q6_K, dst, 0, 0, src, 0))
        .withMessageContaining("Q6_K");
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
