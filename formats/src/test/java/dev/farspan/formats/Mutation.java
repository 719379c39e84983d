package dev.farspan.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Damage to a file: random, or aimed at what looks like a count, a size, an offset or a name.
public final class Mutation {
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final String[] NUMBERS = {
    "0",
    "1",
    "-1",
    "7",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "1e3",
    "0.5",
    "null",
    "[]",
    "\"4\"",
    "99999999999999999999999999",
    "1e999999999"
  };

  private final Random random;

  public Mutation(Random random) {
    this.random = random;
  }

  /// One to three damages. The first 1,000 bytes are hit most: headers are there.
  public byte[] apply(byte[] original) {
    byte[] bytes = original.clone();
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times && bytes.length > 0; i++) {
      bytes =
          switch (random.nextInt(8)) {
            case 0 -> flipBits(bytes);
            case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 2 -> splice(bytes);
            case 3 -> insert(bytes);
            case 4 -> overwriteField(bytes, Integer.BYTES);
            case 5 -> overwriteField(bytes, Long.BYTES);
            case 6 -> overwriteNumberText(bytes);
            default -> Arrays.copyOf(bytes, bytes.length + random.nextInt(100));
          };
    }
    return bytes;
  }

  private int place(int length) {
    return random.nextInt(random.nextInt(4) == 0 ? length : Math.min(length, 1000));
  }

  private byte[] flipBits(byte[] bytes) {
    for (int i = random.nextInt(8); i >= 0; i--) {
      bytes[place(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private byte[] splice(byte[] bytes) {
    int size = random.nextInt(Math.min(64, bytes.length));
    int from = random.nextInt(bytes.length - size);
    System.arraycopy(bytes, from, bytes, Math.min(place(bytes.length), bytes.length - size), size);
    return bytes;
  }

  private byte[] insert(byte[] bytes) {
    int at = place(bytes.length);
    byte[] more = new byte[1 + random.nextInt(16)];
    random.nextBytes(more);
    ByteBuffer longer = ByteBuffer.allocate(bytes.length + more.length);
    return longer.put(bytes, 0, at).put(more).put(bytes, at, bytes.length - at).array();
  }

  /// A little-endian number becomes one that is at the edge of something.
  private byte[] overwriteField(byte[] bytes, int width) {
    if (bytes.length < width) {
      return bytes;
    }
    int at = Math.min(place(bytes.length), bytes.length - width);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long old = width == Long.BYTES ? buffer.getLong(at) : buffer.getInt(at);
    long[] edges = {
      0,
      1,
      -1,
      old + 1,
      old - 1,
      old * 2,
      -old,
      old << 32,
      bytes.length,
      bytes.length - at,
      Integer.MAX_VALUE,
      1L << 31,
      1L << 32,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      random.nextInt(64)
    };
    long edge = edges[random.nextInt(edges.length)];
    if (width == Long.BYTES) {
      buffer.putLong(at, edge);
    } else {
      buffer.putInt(at, (int) edge);
    }
    return bytes;
  }

  /// A decimal number in the text becomes another.
  private byte[] overwriteNumberText(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Matcher matcher = NUMBER.matcher(text);
    String replaced = text;
    for (int skip = random.nextInt(20); matcher.find() && skip >= 0; skip--) {
      replaced =
          text.substring(0, matcher.start())
              + NUMBERS[random.nextInt(NUMBERS.length)]
              + text.substring(matcher.end());
    }
    return replaced.getBytes(StandardCharsets.ISO_8859_1);
  }
}
