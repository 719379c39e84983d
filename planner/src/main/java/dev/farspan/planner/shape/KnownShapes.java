package dev.farspan.planner.shape;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Sizes of well-known models, by name.
///
/// To be checked against the `config.json` that each was published with.
public final class KnownShapes {
  private static final Map<String, Sizes> BY_NAME =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("llama2-7b", new Sizes(32, 4096, 32, 32, 128, 11008, 32000, 4096)),
              Map.entry("llama2-13b", new Sizes(40, 5120, 40, 40, 128, 13824, 32000, 4096)),
              Map.entry("llama2-70b", new Sizes(80, 8192, 64, 8, 128, 28672, 32000, 4096)),
              Map.entry("llama3-8b", new Sizes(32, 4096, 32, 8, 128, 14336, 128256, 8192)),
              Map.entry("llama3-70b", new Sizes(80, 8192, 64, 8, 128, 28672, 128256, 8192)),
              Map.entry("llama3.1-8b", new Sizes(32, 4096, 32, 8, 128, 14336, 128256, 131072)),
              Map.entry("llama3.1-70b", new Sizes(80, 8192, 64, 8, 128, 28672, 128256, 131072)),
              Map.entry("llama3.1-405b", new Sizes(126, 16384, 128, 8, 128, 53248, 128256, 131072)),
              Map.entry("qwen2.5-7b", new Sizes(28, 3584, 28, 4, 128, 18944, 152064, 32768)),
              Map.entry("qwen2.5-72b", new Sizes(80, 8192, 64, 8, 128, 29568, 152064, 32768))));

  private KnownShapes() {}

  /// Returns the sizes of a model.
  ///
  /// @param name such as `llama2-70b`
  /// @return its sizes
  /// @throws IllegalArgumentException if no model of that name is known
  public static Sizes named(String name) {
    Sizes sizes = BY_NAME.get(name);
    if (sizes == null) {
      throw new IllegalArgumentException(
          "no shape '%s' is known: use one of %s, or name --layers, --hidden, --heads and --params"
              .formatted(name, String.join(", ", names())));
    }
    return sizes;
  }

  /// Returns all names.
  ///
  /// @return names in alphabetical order
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }
}
