package dev.farspan.formats.safetensors;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.files.MappedFile;
import dev.farspan.formats.files.Names;
import dev.farspan.formats.files.StrictJson;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The index of a sharded checkpoint: which tensor lies in which file beside it.
///
/// `metadata.total_size` is not checked: writers disagree on whether shared tensors count.
record SafetensorsIndex(String file, Map<String, String> shardOf) {
  private static final String WEIGHT_MAP = "weight_map";

  /// A file beside the index: no separator of any system, no hidden or parent directory.
  private static final Pattern PLAIN_NAME = Pattern.compile("[^./\\\\:\\p{Cc}][^/\\\\:\\p{Cc}]*");

  static SafetensorsIndex read(Path path) {
    String file = path.toString();
    JsonNode weightMap;
    try (MappedFile mapped = MappedFile.open(path)) {
      weightMap = StrictJson.object(mapped.bytes(), file).path(WEIGHT_MAP);
    }
    if (!weightMap.isObject() || weightMap.isEmpty()) {
      throw new FormatException(file, "has no weight_map that says which file holds which tensor");
    }
    Map<String, String> shardOf = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : weightMap.properties()) {
      JsonNode shard = property.getValue();
      if (!shard.isString() || !PLAIN_NAME.matcher(shard.stringValue()).matches()) {
        throw new FormatException(
            file,
            "places tensor %s in %s, which is not the name of a file beside it"
                .formatted(Names.quote(property.getKey()), Names.quote(shard.toString())));
      }
      shardOf.put(property.getKey(), shard.stringValue());
    }
    return new SafetensorsIndex(file, shardOf);
  }

  /// Where a shard lies.
  static Path place(Path index, String shard) {
    try {
      return index.resolveSibling(shard);
    } catch (InvalidPathException e) {
      throw new FormatException(
          index.toString(), "names " + Names.quote(shard) + ", which this system cannot spell", e);
    }
  }

  SequencedSet<String> shards() {
    return new LinkedHashSet<>(shardOf.values());
  }

  /// A shard must hold exactly the tensors that the index places in it.
  void check(String shard, List<SafetensorsEntry> entries, Path path) {
    for (SafetensorsEntry entry : entries) {
      if (!shard.equals(shardOf.get(entry.name()))) {
        throw new FormatException(
            path.toString(),
            "holds tensor %s, which %s does not place there"
                .formatted(Names.quote(entry.name()), file));
      }
    }
    long expected = shardOf.values().stream().filter(shard::equals).count();
    if (entries.size() != expected) {
      throw new FormatException(
          path.toString(),
          "holds %d of the %d tensors that %s places there"
              .formatted(entries.size(), expected, file));
    }
  }
}
