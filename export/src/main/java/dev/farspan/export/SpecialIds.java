package dev.farspan.export;

import dev.farspan.formats.gguf.GgufMetadata;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The ids with which `config.json` begins and ends texts, from the keys of a GGUF file.
final class SpecialIds {
  private SpecialIds() {}

  static Map<String, Object> of(GgufMetadata metadata) {
    Map<String, Object> ids = new LinkedHashMap<>();
    Set<Long> begins = ids(metadata, List.of("bos"));
    Set<Long> ends = ids(metadata, List.of("eos", "eot", "eom"));
    if (!begins.isEmpty()) {
      ids.put("bos_token_id", begins.iterator().next());
    }
    if (!ends.isEmpty()) {
      ids.put("eos_token_id", ends.size() == 1 ? ends.iterator().next() : List.copyOf(ends));
    }
    return ids;
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
