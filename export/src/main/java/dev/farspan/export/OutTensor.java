package dev.farspan.export;

import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;

/// One tensor of the files and where its values come from.
///
/// @param name what it is called there
/// @param dtype how it is stored there
/// @param source the tensor of the model, of the same shape
/// @param order which entry of the source's outermost extent stands where
/// @param shift added to every value (Gemma's gains)
record OutTensor(String name, DType dtype, Tensor source, RowOrder order, float shift) {

  /// From the index of an entry to that of the source's entry.
  @FunctionalInterface
  interface RowOrder {
    RowOrder SAME = index -> index;

    int source(int index);
  }

  static OutTensor of(String name, DType dtype, Tensor source) {
    return new OutTensor(name, dtype, source, RowOrder.SAME, 0);
  }

  Shape shape() {
    return source.shape();
  }

  long bytes() {
    return dtype.bytes(shape().elements());
  }

  boolean isCopy() {
    return dtype == source.dtype() && order.equals(RowOrder.SAME) && shift == 0;
  }
}
