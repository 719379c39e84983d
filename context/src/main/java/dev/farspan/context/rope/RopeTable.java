package dev.farspan.context.rope;

import java.util.Arrays;

/// The rotary embedding in force: one inverse frequency per pair, and the factor on cosine and
/// sine.
///
/// Pair `p` of a vector at position `m` turns by `m * inverseFrequency(p)` radians. Rotated parts
/// of queries and keys are both multiplied by `attentionFactor`, so their share of a logit grows by
/// its square.
public final class RopeTable {
  private final float[] inverseFrequencies;
  private final double attentionFactor;

  /// Makes a table.
  ///
  /// @param inverseFrequencies radians per position, one for each pair; copied
  /// @param attentionFactor factor on cosine and sine
  public RopeTable(float[] inverseFrequencies, double attentionFactor) {
    this.inverseFrequencies = inverseFrequencies.clone();
    this.attentionFactor = attentionFactor;
  }

  /// Returns how many pairs the table rotates.
  ///
  /// @return the number of inverse frequencies
  public int pairs() {
    return inverseFrequencies.length;
  }

  /// Returns the angle of one position step for a pair.
  ///
  /// @param pair index of the pair, `0..pairs()-1`
  /// @return radians per position
  public float inverseFrequency(int pair) {
    return inverseFrequencies[pair];
  }

  /// Returns all inverse frequencies.
  ///
  /// @return a copy, in radians per position
  public float[] inverseFrequencies() {
    return inverseFrequencies.clone();
  }

  /// Returns the factor that multiplies cosine and sine (YaRN's mscale).
  ///
  /// @return the attention factor; 1 for methods that have none
  public double attentionFactor() {
    return attentionFactor;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RopeTable that
        && attentionFactor == that.attentionFactor
        && Arrays.equals(inverseFrequencies, that.inverseFrequencies);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(inverseFrequencies) + Double.hashCode(attentionFactor);
  }

  @Override
  public String toString() {
    return "RopeTable[pairs=" + pairs() + ", attentionFactor=" + attentionFactor + "]";
  }
}
