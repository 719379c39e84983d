package dev.farspan.export;

import dev.farspan.formats.gguf.GgufNumbers;
import dev.farspan.formats.gguf.GgufRopeWriter;
import dev.farspan.formats.gguf.GgufValue;
import dev.farspan.formats.gguf.GgufValueType;
import dev.farspan.tensor.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Names of keys that every GGUF file has, and what is changed in those of a file.
final class GgufKeys {
  static final String ARCHITECTURE = "general.architecture";
  static final String NAME = "general.name";
  static final String DESCRIPTION = "general.description";
  static final String FILE_TYPE = "general.file_type";

  private GgufKeys() {}

  /// What a file says most of its tensors are (llama.cpp `enum llama_ftype`).
  static GgufValue fileType(DType type) {
    return GgufValue.u32(
        switch (type) {
          case F32 -> 0;
          case F16 -> 1;
          case Q4_0 -> 2;
          case Q4_1 -> 3;
          case Q8_0 -> 7;
          case BF16 -> 32;
          default -> throw new IllegalArgumentException("GGUF has no file of type " + type);
        });
  }

  /// Plain values, such as a tokenizer's, as values of a file.
  static Map<String, GgufValue> ofPlain(Map<String, ?> values) {
    Map<String, GgufValue> out = new LinkedHashMap<>();
    values.forEach((key, value) -> out.put(key, ofPlain(key, value)));
    return out;
  }

  private static GgufValue ofPlain(String key, @Nullable Object value) {
    return switch (value) {
      case String text -> GgufValue.text(text);
      case Integer number -> GgufValue.u32(number);
      case Boolean flag -> GgufValue.bool(flag);
      case float[] floats -> GgufNumbers.ofFloats(floats);
      case int[] integers ->
          GgufNumbers.ofIntegers(
              GgufValueType.I32, IntStream.of(integers).asLongStream().toArray());
      case List<?> texts -> new GgufValue.Texts(texts.stream().map(String::valueOf).toList());
      case null, default ->
          throw new IllegalArgumentException("GGUF has no type for " + key + " = " + value);
    };
  }

  /// Those of a file with other rotary embeddings, in their old order.
  static Map<String, GgufValue> extended(
      Map<String, GgufValue> keys, String architecture, Map<String, GgufValue> rope) {
    Map<String, GgufValue> out = new LinkedHashMap<>();
    keys.forEach(
        (key, value) -> {
          if (!GgufRopeWriter.replaces(architecture, key)) {
            out.put(key, value);
          } else if (out.keySet().stream().noneMatch(rope::containsKey)) {
            out.putAll(rope);
          }
        });
    rope.forEach(out::putIfAbsent);
    return out;
  }
}
