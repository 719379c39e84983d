package dev.farspan.training.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Trains a byte-level BPE vocabulary: the most frequent pair of neighbouring tokens becomes a
/// token of its own, again and again (Sennrich et al., arXiv 1508.07909, section 3.2, on bytes).
///
/// Counts are kept up to date, not taken again: a merge touches only the words that hold its pair.
/// Of equally frequent pairs the one with the smaller ids is taken, so the same text always gives
/// the same vocabulary.
public final class BpeTrainer {
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> occurrences = new ArrayList<>();
  private final Map<Long, Long> counts = new HashMap<>();
  private final Map<Long, Set<Integer>> holders = new HashMap<>();

  private BpeTrainer(CharSequence text) {
    // Sorted, so that nothing depends on the order of a hash table.
    Map<String, Long> pieces = new TreeMap<>();
    WordSplitter.split(text, piece -> pieces.merge(piece, 1L, Long::sum));
    pieces.forEach(
        (piece, count) -> {
          int[] ids = BpeVocabulary.bytes(piece.getBytes(StandardCharsets.UTF_8));
          words.add(ids);
          occurrences.add(count);
          count(words.size() - 1, ids, count);
        });
  }

  /// Returns the vocabulary of a text.
  ///
  /// @param text what the vocabulary is to spell in few tokens
  /// @param size how many tokens it has: end of text, 256 bytes, and merges
  /// @return the vocabulary; smaller than `size` only if the text runs out of pairs
  /// @throws IllegalArgumentException if `size` leaves no room for the bytes
  public static BpeVocabulary train(CharSequence text, int size) {
    if (size < BpeVocabulary.FIRST_MERGE) {
      throw new IllegalArgumentException(
          "a byte-level vocabulary needs at least %d tokens, not %d"
              .formatted(BpeVocabulary.FIRST_MERGE, size));
    }
    BpeTrainer trainer = new BpeTrainer(text);
    List<BpeVocabulary.Merge> merges = new ArrayList<>();
    while (BpeVocabulary.FIRST_MERGE + merges.size() < size && !trainer.counts.isEmpty()) {
      long pair = trainer.mostFrequent();
      trainer.merge(pair, BpeVocabulary.FIRST_MERGE + merges.size());
      merges.add(new BpeVocabulary.Merge(left(pair), right(pair)));
    }
    return new BpeVocabulary(merges);
  }

  private long mostFrequent() {
    long best = Long.MAX_VALUE;
    long most = 0;
    for (Map.Entry<Long, Long> entry : counts.entrySet()) {
      long count = entry.getValue();
      if (count > most || (count == most && entry.getKey() < best)) {
        best = entry.getKey();
        most = count;
      }
    }
    return best;
  }

  private void merge(long pair, int merged) {
    Set<Integer> affected = holders.getOrDefault(pair, Set.of());
    for (int word : List.copyOf(affected)) {
      int[] old = words.get(word);
      int[] ids = merged(old, pair, merged);
      count(word, old, -occurrences.get(word));
      words.set(word, ids);
      count(word, ids, occurrences.get(word));
    }
    counts.remove(pair);
    holders.remove(pair);
  }

  private static int[] merged(int[] ids, long pair, int merged) {
    int[] out = new int[ids.length];
    int size = 0;
    for (int i = 0; i < ids.length; i++) {
      boolean here = i + 1 < ids.length && pair(ids[i], ids[i + 1]) == pair;
      out[size++] = here ? merged : ids[i];
      i += here ? 1 : 0;
    }
    return Arrays.copyOf(out, size);
  }

  private void count(int word, int[] ids, long change) {
    for (int i = 0; i + 1 < ids.length; i++) {
      long pair = pair(ids[i], ids[i + 1]);
      long now = counts.merge(pair, change, Long::sum);
      Set<Integer> in = holders.computeIfAbsent(pair, any -> new HashSet<>());
      if (change > 0) {
        in.add(word);
      } else {
        in.remove(word);
      }
      if (now == 0) {
        counts.remove(pair);
        holders.remove(pair);
      }
    }
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  private static int left(long pair) {
    return (int) (pair >>> 32);
  }

  private static int right(long pair) {
    return (int) pair;
  }
}
