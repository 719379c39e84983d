package dev.farspan.formats.gguf;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.files.Names;
import dev.farspan.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything in a GGUF file but the data: version, metadata, and where each tensor lies.
///
/// @param dataOffset where the data starts; offsets of tensors count from there
record GgufHeader(
    int version, GgufMetadata metadata, Map<String, GgufTensorInfo> infos, long dataOffset) {
  static final int MAGIC = 0x46554747; // "GGUF", little-endian
  static final String ALIGNMENT = "general.alignment";
  static final int DEFAULT_ALIGNMENT = 32;
  static final int MOST_DIMS = 4; // GGML_MAX_DIMS

  /// key length, type, one byte
  private static final int LEAST_ENTRY = 8 + 4 + 1;

  /// name length, rank, type, offset
  private static final int LEAST_INFO = 8 + 4 + 4 + 8;

  static GgufHeader read(MemorySegment file, String name) {
    GgufCursor cursor = new GgufCursor(file, name);
    int version = readVersion(cursor);
    int tensors = cursor.readCount(LEAST_INFO, "the tensors");
    int entries = cursor.readCount(LEAST_ENTRY, "the metadata entries");
    GgufMetadata metadata = readMetadata(cursor, entries, name);
    int alignment = alignment(metadata, name);
    Map<String, GgufTensorInfo> infos = readInfos(cursor, tensors);
    // the data starts at the next multiple of the alignment
    long dataOffset = alignUp(cursor.position(), alignment);
    GgufHeader header = new GgufHeader(version, metadata, infos, dataOffset);
    header.checkPlaces(file.byteSize(), alignment, name);
    return header;
  }

  static long alignUp(long offset, int alignment) {
    return (offset + alignment - 1) & -(long) alignment;
  }

  private static int readVersion(GgufCursor cursor) {
    int magic = cursor.readInt("the magic number 'GGUF'");
    if (magic != MAGIC) {
      throw cursor.failure(
          "is not a GGUF file: its first bytes are %08x, not 'GGUF'"
              .formatted(Integer.reverseBytes(magic)));
    }
    int version = cursor.readInt("the version");
    if (version == 2 || version == 3) {
      return version;
    }
    int swapped = Integer.reverseBytes(version);
    if (swapped >= 1 && swapped <= 3) {
      throw cursor.failure("is a big-endian GGUF file; convert it to little-endian");
    }
    throw cursor.failure(
        "is GGUF version %s; versions 2 and 3 are read, so convert the model again"
            .formatted(Integer.toUnsignedString(version)));
  }

  private static GgufMetadata readMetadata(GgufCursor cursor, int entries, String name) {
    GgufValueReader reader = new GgufValueReader(cursor);
    Map<String, GgufValue> values = new LinkedHashMap<>();
    for (int i = 0; i < entries; i++) {
      String key = cursor.readString("a metadata key");
      if (values.put(key, reader.read(key)) != null) {
        throw cursor.failure("has metadata key " + Names.quote(key) + " twice");
      }
    }
    return new GgufMetadata(name, values);
  }

  private static int alignment(GgufMetadata metadata, String name) {
    long alignment =
        metadata.containsKey(ALIGNMENT) ? metadata.integer(ALIGNMENT) : DEFAULT_ALIGNMENT;
    if (Long.bitCount(alignment) != 1 || alignment < 1 || alignment > 1 << 30) {
      throw new FormatException(name, ALIGNMENT + " is " + alignment + ", not a power of two");
    }
    return (int) alignment;
  }

  private static Map<String, GgufTensorInfo> readInfos(GgufCursor cursor, int tensors) {
    Map<String, GgufTensorInfo> infos = new LinkedHashMap<>();
    for (int i = 0; i < tensors; i++) {
      GgufTensorInfo info = readInfo(cursor);
      if (infos.put(info.name(), info) != null) {
        throw cursor.failure("has tensor " + Names.quote(info.name()) + " twice");
      }
    }
    return infos;
  }

  private static GgufTensorInfo readInfo(GgufCursor cursor) {
    String name = cursor.readString("a tensor's name");
    int rank = cursor.readInt("a tensor's rank");
    if (rank < 0 || rank > MOST_DIMS) {
      throw cursor.failure(
          "tensor %s has %s extents; at most %d are possible"
              .formatted(Names.quote(name), Integer.toUnsignedString(rank), MOST_DIMS));
    }
    long[] dims = new long[rank];
    for (int i = rank - 1; i >= 0; i--) {
      dims[i] = cursor.readLong("a tensor's extents");
    }
    int id = cursor.readInt("a tensor's type");
    GgmlType type =
        GgmlType.withId(id)
            .orElseThrow(
                () ->
                    cursor.failure(
                        "tensor %s has type number %s, which is not known; convert the model to a"
                                .formatted(Names.quote(name), Integer.toUnsignedString(id))
                            + " type such as Q8_0 or Q4_K"));
    long offset = cursor.readLong("a tensor's offset");
    return sized(cursor, name, type, dims, offset);
  }

  private static GgufTensorInfo sized(
      GgufCursor cursor, String name, GgmlType type, long[] dims, long offset) {
    try {
      Shape shape = Shape.of(dims);
      long cols = dims.length == 0 ? 1 : dims[dims.length - 1];
      if (cols % type.blockSize() != 0) {
        throw new IllegalArgumentException(
            "rows of " + cols + " are not whole blocks of " + type.blockSize());
      }
      long bytes = Math.multiplyExact(shape.elements() / type.blockSize(), type.blockBytes());
      return new GgufTensorInfo(name, type, shape, offset, bytes);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw cursor.failure(
          "tensor %s of type %s: %s".formatted(Names.quote(name), type, e.getMessage()));
    }
  }

  /// Every tensor starts aligned, ends within the file, and shares no byte with another.
  private void checkPlaces(long fileBytes, int alignment, String file) {
    List<GgufTensorInfo> byOffset =
        infos.values().stream()
            .filter(info -> info.bytes() > 0)
            .sorted(Comparator.comparingLong(GgufTensorInfo::offset))
            .toList();
    long dataBytes = Math.max(0, fileBytes - dataOffset);
    long free = 0;
    for (GgufTensorInfo info : byOffset) {
      if (info.offset() < free || info.bytes() > dataBytes - info.offset()) {
        throw new FormatException(
            file,
            "tensor %s has bytes %s + %d of %d bytes of data, outside of it or in another tensor"
                .formatted(
                    Names.quote(info.name()),
                    Long.toUnsignedString(info.offset()),
                    info.bytes(),
                    dataBytes));
      }
      if (info.offset() % alignment != 0) {
        throw new FormatException(
            file,
            "tensor %s starts at byte %d, not a multiple of the alignment %d"
                .formatted(Names.quote(info.name()), info.offset(), alignment));
      }
      free = info.offset() + info.bytes();
    }
  }
}
