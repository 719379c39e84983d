package dev.farspan.formats.safetensors;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.files.Names;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What a header says about one tensor: its bytes are `[begin, end)` of the data, as many as type
/// and shape need.
record SafetensorsEntry(String name, DType dtype, Shape shape, long begin, long end) {
  static final String DTYPE = "dtype";
  static final String SHAPE = "shape";
  static final String OFFSETS = "data_offsets";

  /// The types that are read; their names in the file are those of the constants.
  static final Set<DType> TYPES =
      Set.of(
          DType.F64,
          DType.F32,
          DType.F16,
          DType.BF16,
          DType.I64,
          DType.I32,
          DType.I16,
          DType.I8,
          DType.U8,
          DType.BOOL);

  /// More than any framework has.
  private static final int MOST_DIMS = 64;

  SafetensorsEntry {
    long bytes = dtype.bytes(shape.elements());
    if (bytes != end - begin) {
      throw new IllegalArgumentException(
          "%s of %s takes %d bytes, but its data_offsets span %d"
              .formatted(shape, dtype, bytes, end - begin));
    }
  }

  static SafetensorsEntry read(String name, JsonNode node, String file) {
    String where = "tensor " + Names.quote(name);
    if (!node.isObject()
        || !Set.copyOf(node.propertyNames()).equals(Set.of(DTYPE, SHAPE, OFFSETS))) {
      throw new FormatException(file, where + " has not just dtype, shape and data_offsets");
    }
    DType dtype = dtype(node.path(DTYPE), file, where);
    long[] dims = integers(node.path(SHAPE), file, where + " shape");
    long[] offsets = integers(node.path(OFFSETS), file, where + " data_offsets");
    if (offsets.length != 2 || offsets[1] < offsets[0]) {
      throw new FormatException(file, where + " has data_offsets that are not a begin and an end");
    }
    try {
      return new SafetensorsEntry(name, dtype, Shape.of(dims), offsets[0], offsets[1]);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, where + ": " + e.getMessage(), e);
    }
  }

  private static DType dtype(JsonNode node, String file, String where) {
    for (DType dtype : TYPES) {
      if (node.isString() && dtype.name().equals(node.stringValue())) {
        return dtype;
      }
    }
    throw new FormatException(
        file,
        "%s has dtype %s, which is not read; known: F64 F32 F16 BF16 I64 I32 I16 I8 U8 BOOL"
            .formatted(where, Names.quote(node.toString())));
  }

  private static long[] integers(JsonNode node, String file, String what) {
    if (!node.isArray() || node.size() > MOST_DIMS) {
      throw new FormatException(file, what + " is not a list of at most 64 numbers");
    }
    long[] values = new long[node.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = node.get(i);
      if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
        throw new FormatException(
            file, what + " has " + Names.quote(value.toString()) + ", not a count");
      }
      values[i] = value.longValue();
    }
    return values;
  }
}
