package dev.farspan.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The header of a trusted GGUF file, just enough for these tests; the real reader is in `formats`.
final class GgufMetadata {
  private final ByteBuffer in;

  private GgufMetadata(ByteBuffer in) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
  }

  static Map<String, Object> read(Path file) {
    try (var channel = FileChannel.open(file)) {
      long size = Math.min(channel.size(), 64 << 20);
      return new GgufMetadata(channel.map(FileChannel.MapMode.READ_ONLY, 0, size)).header();
    } catch (IOException e) {
      throw new AssertionError("cannot read " + file, e);
    }
  }

  private Map<String, Object> header() {
    in.position(16); // magic, version, number of tensors
    long count = in.getLong();
    Map<String, Object> out = new HashMap<>();
    for (long i = 0; i < count; i++) {
      out.put(string(), value(in.getInt()));
    }
    return out;
  }

  private Object value(int type) {
    return switch (type) {
      case 0, 1 -> (int) in.get();
      case 2, 3 -> (int) in.getShort();
      case 4, 5 -> in.getInt();
      case 6 -> in.getFloat();
      case 7 -> in.get() != 0;
      case 8 -> string();
      case 9 -> array();
      case 10, 11 -> in.getLong();
      case 12 -> in.getDouble();
      default -> throw new AssertionError("GGUF value type " + type);
    };
  }

  private List<Object> array() {
    int type = in.getInt();
    long count = in.getLong();
    List<Object> out = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      out.add(value(type));
    }
    return out;
  }

  private String string() {
    byte[] bytes = new byte[Math.toIntExact(in.getLong())];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
