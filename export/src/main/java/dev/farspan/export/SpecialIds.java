package dev.farspan.export;

import dev.farspan.formats.gguf.GgufMetadata;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The ids with which `config.json` begins and ends texts, from the keys of a GGUF file.
final class SpecialIds {
  private SpecialIds() {}

  /// A null where the file names no token: the class of a family has defaults, which are those of
  /// one published model and may lie outside the vocabulary.
  static Map<String, @Nullable Object> of(GgufMetadata metadata) {
    Map<String, @Nullable Object> ids = new LinkedHashMap<>();
    ids.put("bos_token_id", value(ids(metadata, List.of("bos"))));
    ids.put("eos_token_id", value(ids(metadata, List.of("eos", "eot", "eom"))));
    ids.put("pad_token_id", value(ids(metadata, List.of("padding"))));
    return ids;
  }

  private static @Nullable Object value(Set<Long> ids) {
    if (ids.isEmpty()) {
      return null;
    }
    return ids.size() == 1 ? ids.iterator().next() : List.copyOf(ids);
  }

  private static Set<Long> ids(GgufMetadata metadata, List<String> names) {
    Set<Long> ids = new LinkedHashSet<>();
    for (String name : names) {
      String key = "tokenizer.ggml." + name + "_token_id";
      // Some writers store 0xFFFFFFFF for none.
      if (metadata.containsKey(key) && metadata.integer(key) == (int) metadata.integer(key)) {
        ids.add(metadata.integer(key));
      }
    }
    return ids;
  }
}
