package dev.farspan.context.rope;

/// The lengths at which a dynamic policy renews its table, and whether a prompt is computed whole.
///
/// Lengths fall into stages: the trained length L, then multiples of `L / perTrainedLength`. The
/// token at position `p` is computed at `stage(p + 1)` ("progressive"), or, with `whole`, a prompt
/// of `n` tokens is computed at `stage(n)` throughout. See docs/decisions/0003.
///
/// @param perTrainedLength stages in one trained length; [#EXACT] makes every length its own stage
/// @param whole whether every token of a prompt uses the table of the prompt's length
public record Stages(int perTrainedLength, boolean whole) {
  /// Value of `perTrainedLength` that makes every length its own stage.
  public static final int EXACT = Integer.MAX_VALUE;

  /// Progressive scaling in steps of L/8, the default of the dynamic policies.
  public static final Stages PROGRESSIVE = new Stages(8, false);

  /// The whole prompt under the table of exactly its length, as transformers' full forward does.
  public static final Stages WHOLE_EXACT = new Stages(EXACT, true);

  /// Checks the values.
  ///
  /// @throws IllegalArgumentException if `perTrainedLength` is not positive
  public Stages {
    if (perTrainedLength < 1) {
      throw new IllegalArgumentException(
          "stages must be at least 1 or 'exact', got " + perTrainedLength);
    }
  }

  /// Returns the stage of a length: the smallest one that is not shorter.
  ///
  /// @param length tokens in the sequence, at least 1
  /// @param trainedLength L
  /// @return `trainedLength` up to it, beyond it the next multiple of the step
  public int stage(int length, int trainedLength) {
    if (length <= trainedLength) {
      return trainedLength;
    }
    if (perTrainedLength == EXACT) {
      return length;
    }
    long step = Math.max(1, trainedLength / perTrainedLength);
    long stage = Math.ceilDiv(length, step) * step;
    return (int) Math.min(Integer.MAX_VALUE, Math.max(trainedLength, stage));
  }
}
