package dev.farspan.formats.safetensors;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.files.Names;
import dev.farspan.formats.files.StrictJson;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Everything in a safetensors file but the data.
///
/// @param dataOffset where the data starts; offsets of entries count from there
record SafetensorsHeader(
    Map<String, String> metadata, List<SafetensorsEntry> entries, long dataOffset) {
  static final String METADATA = "__metadata__";

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  static SafetensorsHeader read(MemorySegment file, String name) {
    long dataOffset = Long.BYTES + headerBytes(file, name);
    MemorySegment json = file.asSlice(Long.BYTES, dataOffset - Long.BYTES);
    Map<String, String> metadata = new LinkedHashMap<>();
    List<SafetensorsEntry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : StrictJson.object(json, name).properties()) {
      if (property.getKey().equals(METADATA)) {
        metadata.putAll(metadata(property.getValue(), name));
      } else {
        entries.add(SafetensorsEntry.read(property.getKey(), property.getValue(), name));
      }
    }
    checkPlaces(entries, file.byteSize() - dataOffset, name);
    return new SafetensorsHeader(metadata, entries, dataOffset);
  }

  private static long headerBytes(MemorySegment file, String name) {
    if (file.byteSize() < Long.BYTES) {
      throw new FormatException(
          name, "is not a safetensors file: it has only " + file.byteSize() + " bytes");
    }
    long bytes = file.get(LENGTH, 0);
    if (bytes < 0 || bytes > file.byteSize() - Long.BYTES) {
      throw new FormatException(
          name,
          "is not a safetensors file, or cut off: its header would have %s bytes, the file has %d"
              .formatted(Long.toUnsignedString(bytes), file.byteSize()));
    }
    return bytes;
  }

  private static Map<String, String> metadata(JsonNode node, String file) {
    if (!node.isObject()) {
      throw new FormatException(file, METADATA + " is not an object");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      if (!property.getValue().isString()) {
        throw new FormatException(
            file, METADATA + " has " + Names.quote(property.getKey()) + ", which is not a string");
      }
      metadata.put(property.getKey(), property.getValue().stringValue());
    }
    return metadata;
  }

  /// As the reference implementation demands: the tensors fill the data, without a gap or overlap.
  private static void checkPlaces(List<SafetensorsEntry> entries, long dataBytes, String file) {
    List<SafetensorsEntry> byOffset =
        entries.stream()
            .sorted(
                Comparator.comparingLong(SafetensorsEntry::begin)
                    .thenComparingLong(SafetensorsEntry::end))
            .toList();
    long free = 0;
    for (SafetensorsEntry entry : byOffset) {
      if (entry.begin() != free) {
        throw new FormatException(
            file,
            "tensor %s starts at byte %d of the data where %d was expected: a %s"
                .formatted(
                    Names.quote(entry.name()),
                    entry.begin(),
                    free,
                    entry.begin() < free ? "tensor overlaps it" : "gap is before it"));
      }
      free = entry.end();
    }
    if (free != dataBytes) {
      throw new FormatException(
          file,
          "has %d bytes of data but its tensors take %d; it is %s"
              .formatted(dataBytes, free, dataBytes < free ? "cut off" : "too long"));
    }
  }
}
