package dev.farspan.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The methods of Python's `dict`; those that change it are refused, as by the immutable sandbox.
final class MapMethods {
  private MapMethods() {}

  static @Nullable Callable find(Map<?, ?> map, String name) {
    return switch (name) {
      case "items" ->
          args -> {
            args.only(0);
            return items(map);
          };
      case "keys" ->
          args -> {
            args.only(0);
            return new ArrayList<Object>(map.keySet());
          };
      case "values" ->
          args -> {
            args.only(0);
            return new ArrayList<Object>(map.values());
          };
      case "get" ->
          args -> {
            Object found = map.get(args.only(2, "default").need(0, "key"));
            return found == null ? args.get(1, "default", None.NONE) : found;
          };
      case "clear", "copy", "pop", "popitem", "setdefault", "update", "fromkeys" ->
          args -> {
            throw args.error("on a mapping is not supported");
          };
      default -> null;
    };
  }

  static List<Object> items(Map<?, ?> map) {
    List<Object> out = new ArrayList<>();
    map.forEach((key, value) -> out.add(Sequence.tuple(key, value)));
    return out;
  }
}
