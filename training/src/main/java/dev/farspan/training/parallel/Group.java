package dev.farspan.training.parallel;

import dev.farspan.training.model.Torch;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/// The processes that train one model together, as one of them sees them. Everything that involves
/// the others must be called by all of them, in the same order.
public sealed interface Group extends AutoCloseable permits Alone, GlooGroup {
  /// Returns the number of this process.
  ///
  /// @return a number from 0 to [#size], less one
  int rank();

  /// Returns how many processes there are.
  ///
  /// @return at least 1
  int size();

  /// Replaces a tensor by the sum of those of all processes, the same bits for each.
  ///
  /// @param tensor contiguous, of the same shape and type everywhere
  /// @throws LostProcessException if another process ended or cannot be reached
  void sum(Tensor tensor);

  /// Returns whether this is the process that writes files.
  ///
  /// @return whether its rank is 0
  default boolean leads() {
    return rank() == 0;
  }

  /// Returns the sum of a number over all processes.
  ///
  /// @param value this process's
  /// @return the same sum for each
  /// @throws LostProcessException if another process ended or cannot be reached
  default double sum(double value) {
    try (PointerScope _ = new PointerScope()) {
      Tensor sum = Torch.doubles(new double[] {value}, 1);
      sum(sum);
      return sum.item_double();
    }
  }

  /// Waits until every process has come here.
  ///
  /// @throws LostProcessException if another process ended or cannot be reached
  default void await() {
    sum(0);
  }

  /// Fails unless all processes state the same number.
  ///
  /// @param value a digest of what must be the same
  /// @param what it is, for the sentence
  /// @throws IllegalStateException in every process, if they differ
  /// @throws LostProcessException if another process ended or cannot be reached
  default void requireSame(long value, String what) {
    long[] values = new long[size()];
    values[rank()] = value;
    try (PointerScope _ = new PointerScope()) {
      Tensor all = Torch.longs(values, size());
      sum(all);
      all.data_ptr_long().get(values);
      for (int other = 1; other < size(); other++) {
        if (values[other] != values[0]) {
          throw new IllegalStateException(
              "rank %d has %s than rank 0: give every process the same arguments and files"
                  .formatted(other, what));
        }
      }
    }
  }

  @Override
  void close();
}
