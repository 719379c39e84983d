package dev.farspan.evaluation.task.ruler;

import dev.farspan.evaluation.task.Haystack;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// Common English words, chosen for this project (RULER takes its own from a package).
final class WordLists {
  static final List<String> ADJECTIVES =
      List.of(
          "amber", "ancient", "bitter", "blue", "bold", "brave", "brief", "bright", "calm",
          "clever", "cold", "crisp", "curious", "damp", "dark", "distant", "dry", "eager", "early",
          "empty", "faint", "fancy", "flat", "fresh", "gentle", "golden", "grand", "green", "happy",
          "heavy", "hidden", "hollow", "honest", "humble", "icy", "keen", "kind", "late", "lively",
          "lonely", "loud", "lucky", "mellow", "mild", "narrow", "neat", "noble", "odd", "pale",
          "plain", "proud", "quiet", "rapid", "rare", "rough", "round", "sharp", "silent", "silver",
          "simple", "sleepy", "smooth", "soft", "solid", "steady", "strange", "sunny", "swift",
          "tall", "tidy", "tiny", "vivid", "warm", "wild", "wise", "young");
  static final List<String> NOUNS =
      List.of(
          "acorn",
          "anchor",
          "apple",
          "arrow",
          "barrel",
          "basket",
          "beacon",
          "bell",
          "blanket",
          "boat",
          "bottle",
          "bridge",
          "bucket",
          "button",
          "candle",
          "canyon",
          "carpet",
          "castle",
          "cellar",
          "cliff",
          "clock",
          "cloud",
          "comet",
          "compass",
          "copper",
          "cottage",
          "cradle",
          "desert",
          "engine",
          "falcon",
          "feather",
          "fern",
          "flute",
          "forest",
          "fountain",
          "garden",
          "glacier",
          "hammer",
          "harbor",
          "helmet",
          "island",
          "jacket",
          "kettle",
          "ladder",
          "lantern",
          "lemon",
          "library",
          "marble",
          "meadow",
          "mirror",
          "mitten",
          "mountain",
          "needle",
          "orchard",
          "otter",
          "paddle",
          "pebble",
          "pepper",
          "pillow",
          "planet",
          "pocket",
          "quarry",
          "ribbon",
          "river",
          "saddle",
          "sailor",
          "shelter",
          "spoon",
          "squirrel",
          "teapot",
          "thimble",
          "ticket",
          "tunnel",
          "valley",
          "violin",
          "wagon",
          "walnut",
          "whistle",
          "window",
          "winter");

  private WordLists() {}

  /// Returns a key such as `quiet-harbor`.
  static String pair(RandomGenerator random) {
    return ADJECTIVES.get(random.nextInt(ADJECTIVES.size()))
        + "-"
        + NOUNS.get(random.nextInt(NOUNS.size()));
  }

  /// Returns the different words of the text that is shipped, of 4 letters or more.
  static List<String> ofText() {
    return Arrays.stream(Haystack.standard().text().toLowerCase(Locale.ROOT).split("[^a-z]+"))
        .filter(word -> word.length() >= 4)
        .distinct()
        .sorted()
        .toList();
  }
}
