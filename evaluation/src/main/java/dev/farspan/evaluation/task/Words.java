package dev.farspan.evaluation.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Values that tasks draw: numbers, identifiers, words nobody wrote before.
public final class Words {
  private static final String HEX = "0123456789abcdef";
  private static final String VARIANTS = "89ab"; // RFC 9562 section 4.1: binary 10 in front

  private Words() {}

  /// Returns a number of so many digits, the first not 0.
  ///
  /// @param random where from
  /// @param count how many
  /// @return digits
  public static String digits(RandomGenerator random, int count) {
    StringBuilder digits = new StringBuilder().append((char) ('1' + random.nextInt(9)));
    for (int i = 1; i < count; i++) {
      digits.append((char) ('0' + random.nextInt(10)));
    }
    return digits.toString();
  }

  /// Returns a random identifier of version 4 (RFC 9562 section 5.4).
  ///
  /// @param random where from
  /// @return 36 characters
  public static String uuid(RandomGenerator random) {
    StringBuilder uuid = new StringBuilder();
    for (char form : "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".toCharArray()) {
      switch (form) {
        case 'x' -> uuid.append(HEX.charAt(random.nextInt(HEX.length())));
        case 'y' -> uuid.append(VARIANTS.charAt(random.nextInt(VARIANTS.length())));
        default -> uuid.append(form);
      }
    }
    return uuid.toString();
  }

  /// Returns random letters.
  ///
  /// @param random where from
  /// @param first `A` or `a`
  /// @param count how many
  /// @return the letters
  public static String letters(RandomGenerator random, char first, int count) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < count; i++) {
      letters.append((char) (first + random.nextInt(26)));
    }
    return letters.toString();
  }

  /// Returns different members of a list in random order.
  ///
  /// @param random where from
  /// @param from what is drawn from
  /// @param count how many
  /// @param <T> of what kind
  /// @return the members
  /// @throws IllegalArgumentException if there are fewer
  public static <T> List<T> draw(RandomGenerator random, List<T> from, int count) {
    if (count > from.size()) {
      throw new IllegalArgumentException(
          "%d different ones are asked of %d; ask for fewer".formatted(count, from.size()));
    }
    List<T> left = new ArrayList<>(from);
    for (int i = 0; i < count; i++) {
      int chosen = i + random.nextInt(left.size() - i);
      T moved = left.get(chosen);
      left.set(chosen, left.get(i));
      left.set(i, moved);
    }
    return List.copyOf(left.subList(0, count));
  }

  /// Returns a list joined as English does: `a, b, and c`.
  ///
  /// @param items at least one
  /// @return one text
  public static String series(List<String> items) {
    if (items.size() < 3) {
      return String.join(" and ", items);
    }
    return String.join(", ", items.subList(0, items.size() - 1)) + ", and " + items.getLast();
  }
}
