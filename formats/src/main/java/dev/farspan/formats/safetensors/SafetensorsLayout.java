package dev.farspan.formats.safetensors;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.farspan.formats.files.Names;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A header to be written, and the offset of each tensor. Wide types come first, so that every
/// tensor is aligned to its type; the header names them in the declared order.
final class SafetensorsLayout {
  private static final int ALIGNMENT = 8;
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final byte[] header;
  private final Map<String, Long> offsets;

  private SafetensorsLayout(byte[] header, Map<String, Long> offsets) {
    this.header = header;
    this.offsets = offsets;
  }

  static SafetensorsLayout of(List<TensorSpec> specs, Map<String, String> metadata) {
    Map<String, Long> offsets = offsets(specs);
    ObjectNode root = MAPPER.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = root.putObject(SafetensorsHeader.METADATA);
      metadata.forEach(node::put);
    }
    for (TensorSpec spec : specs) {
      long begin = offsets.getOrDefault(spec.name(), 0L);
      ObjectNode node = root.putObject(spec.name());
      node.put(SafetensorsEntry.DTYPE, spec.dtype().name());
      ArrayNode shape = node.putArray(SafetensorsEntry.SHAPE);
      Arrays.stream(spec.shape().dims()).forEach(shape::add);
      node.putArray(SafetensorsEntry.OFFSETS).add(begin).add(begin + spec.bytes());
    }
    return new SafetensorsLayout(framed(root), offsets);
  }

  private static Map<String, Long> offsets(List<TensorSpec> specs) {
    Map<String, Long> offsets = new HashMap<>();
    long offset = 0;
    Comparator<TensorSpec> narrowFirst = Comparator.comparingInt(spec -> spec.dtype().blockBytes());
    for (TensorSpec spec : specs.stream().sorted(narrowFirst.reversed()).toList()) {
      if (offsets.put(spec.name(), offset) != null
          || spec.name().equals(SafetensorsHeader.METADATA)) {
        throw new IllegalArgumentException(
            "no other tensor can be called " + Names.quote(spec.name()));
      }
      offset = Math.addExact(offset, spec.bytes());
    }
    return offsets;
  }

  /// Length, JSON, and spaces up to the alignment of the data.
  private static byte[] framed(ObjectNode root) {
    byte[] json = Names.utf8(MAPPER.writeValueAsString(root));
    int padded = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
    byte[] frame = new byte[Long.BYTES + padded];
    Arrays.fill(frame, (byte) ' ');
    ByteBuffer.wrap(frame).order(LITTLE_ENDIAN).putLong(padded).put(json);
    return frame;
  }

  byte[] header() {
    return header;
  }

  long offset(String name) {
    Long offset = offsets.get(name);
    if (offset == null) {
      throw new IllegalArgumentException("tensor " + Names.quote(name) + " was not declared");
    }
    return offset;
  }
}
