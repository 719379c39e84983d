package dev.farspan.formats.gguf;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.farspan.formats.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/// Reads a file from front to back, and never past its end.
///
/// It reads through a window of the file copied to the heap: hundreds of thousands of short strings
/// load several times faster from an array than through as many accesses to mapped memory.
final class GgufCursor {
  private static final int WINDOW = 1 << 20;

  /// Far above real files: the largest vocabularies have 262,144 tokens and twice as many merges.
  /// Bounds what many tiny strings can take, some 60 bytes of heap for 8 in the file.
  private static final int MOST_OBJECTS = 1 << 22;

  /// The header of the largest real files takes about 20 MB. Bounds what raw arrays can take.
  private static final long LARGEST_HEADER = 256L << 20;

  private static final char REPLACEMENT = '\uFFFD';

  private final MemorySegment file;
  private final String name;

  /// Bytes of the file up to `windowEnd`, read up to its position.
  private ByteBuffer window = ByteBuffer.allocate(0);

  private long windowEnd;
  private int objects;

  GgufCursor(MemorySegment file, String name) {
    this.file = file;
    this.name = name;
  }

  long position() {
    return windowEnd - window.remaining();
  }

  int readInt(String what) {
    require(Integer.BYTES, what);
    return window.getInt();
  }

  long readLong(String what) {
    require(Long.BYTES, what);
    return window.getLong();
  }

  /// How many there are of things that take at least `each` bytes, checked against what is left of
  /// the file.
  int readCount(long each, String what) {
    long count = readLong(what);
    long most = Math.min((file.byteSize() - position()) / each, Integer.MAX_VALUE);
    if (count < 0 || count > most) {
      throw failure(
          "has a count of %s for %s, but what is left of the file holds at most %d"
              .formatted(Long.toUnsignedString(count), what, most));
    }
    return (int) count;
  }

  byte[] readBytes(long count, String what) {
    require(count, what);
    byte[] bytes = new byte[(int) count];
    window.get(bytes);
    return bytes;
  }

  /// A length and strict UTF-8.
  String readString(String what) {
    countObjects(1);
    int length = readCount(1, what);
    require(length, what);
    int from = window.position();
    window.position(from + length);
    // new String() replaces malformed bytes; only a string with a replacement needs the slow check
    String text = new String(window.array(), from, length, UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      checkUtf8(window.slice(from, length), what);
    }
    return text;
  }

  private void checkUtf8(ByteBuffer bytes, String what) {
    int length = bytes.remaining();
    try {
      UTF_8.newDecoder().decode(bytes);
    } catch (CharacterCodingException e) {
      throw new FormatException(
          name, what + " at byte " + (position() - length) + " is not valid UTF-8", e);
    }
  }

  /// Counts strings or arrays towards the most that a file may have.
  void countObjects(int more) {
    objects += more;
    if (more > MOST_OBJECTS || objects > MOST_OBJECTS) {
      throw failure("has more than %d strings and arrays".formatted(MOST_OBJECTS));
    }
  }

  FormatException failure(String problem) {
    return new FormatException(name, problem);
  }

  /// Sees to it that the window has the next bytes.
  private void require(long bytes, String what) {
    if (bytes <= window.remaining()) {
      return;
    }
    long from = position();
    long left = file.byteSize() - from;
    if (bytes > left) {
      throw failure(
          "ends inside %s: it needs %d bytes from byte %d, but the file has %d"
              .formatted(what, bytes, from, file.byteSize()));
    }
    if (bytes > LARGEST_HEADER - from) {
      throw failure("has a header of more than %d bytes".formatted(LARGEST_HEADER));
    }
    byte[] next = new byte[(int) Math.max(bytes, Math.min(WINDOW, left))];
    MemorySegment.copy(file, ValueLayout.JAVA_BYTE, from, next, 0, next.length);
    window = ByteBuffer.wrap(next).order(LITTLE_ENDIAN);
    windowEnd = from + next.length;
  }
}
