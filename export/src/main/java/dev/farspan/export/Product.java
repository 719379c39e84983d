package dev.farspan.export;

import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/// Files that are known in full but for the bytes of their tensors.
sealed interface Product permits HfProduct, GgufProduct {
  /// Returns the weights, in order.
  List<OutTensor> tensors();

  /// Returns how many bytes the weights take.
  default long bytes() {
    return tensors().stream().mapToLong(OutTensor::bytes).sum();
  }

  /// Writes everything and checks that it reads back as what was meant.
  ///
  /// @param staging where to
  /// @param card the model card
  /// @param written told of the bytes of every piece
  void write(Staging staging, String card, LongConsumer written);

  /// Gives what was written its names.
  ///
  /// @param staging where it lies
  /// @param out the destination
  void publish(Staging staging, Path out);
}
