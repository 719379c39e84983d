package dev.farspan.tokenizer;

import java.util.Arrays;

/// A hash table from a pair of token ids to the token they become and the rank of that rule: open
/// addressing over flat arrays, since it is asked millions of times while a vocabulary loads.
final class PairTable {
  private static final long EMPTY = -1;

  private final long[] keys;
  private final int[] tokens;
  private final int[] ranks;
  private final int shift;

  /// @param capacity the most pairs it will hold
  PairTable(int capacity) {
    int size = Integer.highestOneBit(Math.max(4, capacity)) << 2; // at most half full
    keys = new long[size];
    Arrays.fill(keys, EMPTY);
    tokens = new int[size];
    ranks = new int[size];
    shift = 64 - Integer.numberOfTrailingZeros(size);
  }

  void put(int left, int right, int token, int rank) {
    long key = key(left, right);
    int at = start(key);
    while (keys[at] != EMPTY && keys[at] != key) {
      at = (at + 1) & (keys.length - 1);
    }
    keys[at] = key;
    tokens[at] = token;
    ranks[at] = rank;
  }

  /// Returns where the pair is stored, or -1 if it is not.
  int slot(int left, int right) {
    long key = key(left, right);
    int at = start(key);
    while (keys[at] != key) {
      if (keys[at] == EMPTY) {
        return -1;
      }
      at = (at + 1) & (keys.length - 1);
    }
    return at;
  }

  int token(int slot) {
    return tokens[slot];
  }

  int rank(int slot) {
    return ranks[slot];
  }

  private static long key(int left, int right) {
    return ((long) left << 32) | right;
  }

  // Fibonacci hashing: 2^64 divided by the golden ratio spreads consecutive keys.
  private int start(long key) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> shift);
  }
}
