package dev.farspan.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The merge rules that SentencePiece's scores imply.
///
/// SentencePiece joins whichever neighbours make the token with the best score; byte-pair encoding
/// joins the pair with the best rule. A token can be cut in two in several ways, but only one of
/// them ever occurs: whatever stands around it, the joins inside it happen in order of score and
/// end with the same pair. So each token, best first, is built from its characters with the rules
/// found so far; if two parts remain they are its rule, and if more remain no text ever becomes it.
/// That is half as many rules as listing every way to cut, and the native library loads them
/// faster.
final class SentencePieceMerges {
  /// One rule: the ids of two neighbours that become one token.
  record Merge(int left, int right) {}

  private static final int NO_CHARACTER = -1;

  private final GgufVocabulary vocabulary;
  private final Map<Integer, Integer> characters = new HashMap<>(); // code point -> id
  private final PairTable pairs;
  private final List<Merge> merges = new ArrayList<>();

  private SentencePieceMerges(GgufVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.pairs = new PairTable(vocabulary.tokens().size());
  }

  /// Returns the rules, best first.
  static List<Merge> of(GgufVocabulary vocabulary) {
    var found = new SentencePieceMerges(vocabulary);
    found.findCharacters();
    for (int id : found.bestFirst()) {
      found.findRule(id);
    }
    return found.merges;
  }

  private void findCharacters() {
    List<String> tokens = vocabulary.tokens();
    for (int id = 0; id < tokens.size(); id++) {
      String token = tokens.get(id);
      if (!token.isEmpty() && token.length() == Character.charCount(token.codePointAt(0))) {
        characters.put(token.codePointAt(0), id);
      }
    }
  }

  // Equal scores keep the order of the file, as in SentencePiece's own list.
  private int[] bestFirst() {
    int[] ids =
        IntStream.range(0, vocabulary.tokens().size())
            .filter(id -> vocabulary.type(id) == GgufTokenType.NORMAL)
            .toArray();
    for (int i = 1; i < ids.length; i++) {
      if (vocabulary.score(ids[i]) > vocabulary.score(ids[i - 1])) {
        return IntStream.of(ids)
            .boxed()
            .sorted(Comparator.comparingDouble(id -> -vocabulary.score(id)))
            .mapToInt(Integer::intValue)
            .toArray();
      }
    }
    return ids; // already sorted, as most files are
  }

  private void findRule(int token) {
    int[] parts =
        vocabulary
            .tokens()
            .get(token)
            .codePoints()
            .map(c -> characters.getOrDefault(c, NO_CHARACTER))
            .toArray();
    if (parts.length < 2) {
      return;
    }
    int count = join(parts);
    if (count == 2 && parts[0] != NO_CHARACTER && parts[1] != NO_CHARACTER) {
      pairs.put(parts[0], parts[1], token, merges.size());
      merges.add(new Merge(parts[0], parts[1]));
    }
  }

  // Joins the best pair until none is left; the parts that remain are in front. Returns how many.
  private int join(int[] parts) {
    int count = parts.length;
    int[] slots = new int[count]; // where the pair starting at each part is, or -1
    for (int i = 0; i + 1 < count; i++) {
      slots[i] = slot(parts, i);
    }
    while (count > 2) {
      int best = -1;
      for (int i = 0; i + 1 < count; i++) {
        if (slots[i] >= 0 && (best < 0 || pairs.rank(slots[i]) < pairs.rank(slots[best]))) {
          best = i;
        }
      }
      if (best < 0) {
        break;
      }
      parts[best] = pairs.token(slots[best]);
      count--;
      for (int i = best + 1; i < count; i++) {
        parts[i] = parts[i + 1];
        slots[i] = slots[i + 1];
      }
      slots[best] = best + 1 < count ? slot(parts, best) : -1;
      if (best > 0) {
        slots[best - 1] = slot(parts, best - 1);
      }
    }
    return count;
  }

  private int slot(int[] parts, int i) {
    return parts[i] == NO_CHARACTER || parts[i + 1] == NO_CHARACTER
        ? -1
        : pairs.slot(parts[i], parts[i + 1]);
  }
}
