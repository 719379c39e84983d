package dev.farspan.context.attention;

import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/// A run of keys that every query sees under one rule of position.
///
/// Query `i` sees the keys `from(i) .. to(i) - 1` as if it stood at `queryPosition(i)` and they at
/// `keyPosition(j)`: the score is `<R(queryPosition(i) - keyPosition(j)) q_i, k_j>`. The branches
/// of a pattern never overlap for one query, and all share one softmax.
///
/// @param from first visible key of a query
/// @param to one past the last visible key of a query; at or below `from` if it sees none
/// @param queryPosition position the query takes, possibly fractional
/// @param keyPosition position a key takes, possibly fractional
/// @param chosen whether a query sees only those blocks of the run that it retrieves
public record Branch(
    IntUnaryOperator from,
    IntUnaryOperator to,
    IntToDoubleFunction queryPosition,
    IntToDoubleFunction keyPosition,
    boolean chosen) {

  /// Makes a branch whose whole run is visible.
  ///
  /// @param from first visible key of a query
  /// @param to one past the last visible key of a query
  /// @param queryPosition position the query takes
  /// @param keyPosition position a key takes
  /// @return the branch
  static Branch of(
      IntUnaryOperator from,
      IntUnaryOperator to,
      IntToDoubleFunction queryPosition,
      IntToDoubleFunction keyPosition) {
    return new Branch(from, to, queryPosition, keyPosition, false);
  }

  /// Returns the branch of the nearest `reach` keys, the query's own included, at true distances.
  ///
  /// @param reach how many keys are seen
  /// @return the branch
  static Branch near(int reach) {
    return of(i -> Math.max(0, i - reach + 1), i -> i + 1, i -> i, j -> j);
  }

  /// Returns how far query `i` sees key `j` away.
  ///
  /// @param i index of the query
  /// @param j index of the key
  /// @return the relative position
  public double distance(int i, int j) {
    return queryPosition.applyAsDouble(i) - keyPosition.applyAsDouble(j);
  }

  /// Returns whether query `i` sees key `j` through this branch, retrieval aside.
  ///
  /// @param i index of the query
  /// @param j index of the key
  /// @return whether `from(i) <= j < to(i)`
  public boolean sees(int i, int j) {
    return from.applyAsInt(i) <= j && j < to.applyAsInt(i);
  }
}
