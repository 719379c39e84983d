package dev.farspan.formats.gguf;

import dev.farspan.formats.FormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Opens all parts of a model that llama.cpp's `gguf-split` wrote as `name-00001-of-00003.gguf`,
/// ....
final class GgufSplit {
  private static final String NUMBER = "split.no";
  private static final String COUNT = "split.count";
  private static final String TENSORS = "split.tensors.count";
  private static final Pattern PART = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf");

  private GgufSplit() {}

  static GgufFile open(Path path) {
    List<GgufPart> parts = new ArrayList<>();
    boolean done = false;
    try {
      parts.add(GgufPart.open(path));
      long count = declared(parts.getFirst(), COUNT, 1);
      if (count != 1) {
        openOthers(path, count, parts);
      }
      GgufFile file = new GgufFile(path, parts);
      done = true;
      return file;
    } finally {
      if (!done) {
        parts.forEach(part -> part.mapped().close());
      }
    }
  }

  private static void openOthers(Path first, long count, List<GgufPart> parts) {
    Matcher name = PART.matcher(String.valueOf(first.getFileName()));
    if (!name.matches() || Long.parseLong(name.group(3)) != count) {
      throw new FormatException(
          first.toString(),
          "says it is part of %d, so it must be called NAME-00001-of-%05d.gguf"
              .formatted(count, count));
    }
    checkNumber(first, parts.getFirst(), 0);
    for (int i = 1; i < count; i++) {
      Path path =
          first.resolveSibling("%s-%05d-of-%05d.gguf".formatted(name.group(1), i + 1, count));
      GgufPart part = GgufPart.open(path);
      parts.add(part);
      checkNumber(path, part, i);
      if (declared(part, COUNT, 1) != count) {
        throw new FormatException(
            path.toString(), COUNT + " differs from that of the first part, which is " + count);
      }
    }
    checkTensors(first, parts);
  }

  private static void checkNumber(Path path, GgufPart part, long expected) {
    long number = declared(part, NUMBER, -1);
    if (number != expected) {
      throw new FormatException(
          path.toString(),
          "has %s %d where %d was expected; open the first part of a split model, with all parts"
                  .formatted(NUMBER, number, expected)
              + " under their original names beside it");
    }
  }

  private static void checkTensors(Path first, List<GgufPart> parts) {
    long found = parts.stream().mapToLong(part -> part.header().infos().size()).sum();
    long expected = declared(parts.getFirst(), TENSORS, found);
    if (found != expected) {
      throw new FormatException(
          first.toString(),
          "says its parts hold %d tensors, but they hold %d".formatted(expected, found));
    }
  }

  private static long declared(GgufPart part, String key, long otherwise) {
    GgufMetadata metadata = part.header().metadata();
    return metadata.containsKey(key) ? metadata.integer(key) : otherwise;
  }
}
