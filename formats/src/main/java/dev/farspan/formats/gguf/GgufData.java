package dev.farspan.formats.gguf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// GGUF metadata as plain Java data.
public final class GgufData {
  /// Longer arrays are no list with one entry per layer, and not worth an object per element.
  private static final int LONGEST_LIST = 10_000;

  private GgufData() {}

  /// Returns the values whose keys start with `tokenizer.`, for a tokenizer.
  ///
  /// @param metadata metadata of a file
  /// @return `String`, `Long`, `Double`, `Boolean`, `List<String>`, `int[]` and `float[]` by key,
  ///   in the order of the file
  public static Map<String, Object> tokenizer(GgufMetadata metadata) {
    Map<String, Object> values = new LinkedHashMap<>();
    metadata.forEach(
        (key, value) -> {
          if (key.startsWith("tokenizer.")) {
            values.put(key, value instanceof GgufNumbers numbers ? array(numbers) : plain(value));
          }
        });
    return values;
  }

  static Object plain(GgufValue value) {
    return switch (value) {
      case GgufValue.Int(var type, long number) ->
          type == GgufValueType.U64 && number < 0 ? Double.MAX_VALUE : (Object) number;
      case GgufValue.Real(var _, double number) -> number;
      case GgufValue.Bool(boolean flag) -> flag;
      case GgufValue.Text(String text) -> text;
      case GgufValue.Texts(List<String> texts) -> texts;
      case GgufValue.Nested nested -> "an array of " + nested.values().size() + " arrays";
      case GgufNumbers numbers ->
          numbers.size() > LONGEST_LIST ? numbers.toString() : list(numbers);
    };
  }

  private static List<Double> list(GgufNumbers numbers) {
    List<Double> list = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      list.add(numbers.real(i));
    }
    return list;
  }

  private static Object array(GgufNumbers numbers) {
    if (numbers.elementType().isFloat()) {
      float[] floats = new float[numbers.size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) numbers.real(i);
      }
      return floats;
    }
    int[] integers = new int[numbers.size()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = (int) numbers.integer(i);
    }
    return integers;
  }
}
