package dev.farspan.training.model;

import static org.bytedeco.pytorch.global.torch.empty;

import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Java arrays to libtorch tensors and back.
///
/// A tensor made inside a [org.bytedeco.javacpp.PointerScope] is freed with it; make what is to
/// stay outside of any.
public final class Torch {
  private Torch() {}

  /// Sets how many threads libtorch computes with.
  ///
  /// @param threads at least 1
  public static void threads(int threads) {
    torch.set_num_threads(threads);
  }

  /// Returns a tensor of floats.
  ///
  /// @param values the elements, row by row; copied
  /// @param shape its extents
  /// @return a tensor of 32-bit floats
  public static Tensor floats(float[] values, long... shape) {
    Tensor out = empty(shape, new TensorOptions(ScalarType.Float), null);
    try (FloatPointer data = out.data_ptr_float()) {
      data.put(values);
    }
    return out;
  }

  /// Returns a tensor of doubles.
  ///
  /// @param values the elements, row by row; copied
  /// @param shape its extents
  /// @return a tensor of 64-bit floats
  public static Tensor doubles(double[] values, long... shape) {
    Tensor out = empty(shape, new TensorOptions(ScalarType.Double), null);
    try (DoublePointer data = out.data_ptr_double()) {
      data.put(values);
    }
    return out;
  }

  /// Returns a tensor of whole numbers.
  ///
  /// @param values the elements, row by row; copied
  /// @param shape its extents
  /// @return a tensor of 64-bit integers
  public static Tensor longs(long[] values, long... shape) {
    Tensor out = empty(shape, new TensorOptions(ScalarType.Long), null);
    try (LongPointer data = out.data_ptr_long()) {
      data.put(values);
    }
    return out;
  }

  /// Returns the elements of a tensor.
  ///
  /// @param tensor a tensor of any floating type
  /// @return its elements, row by row
  public static float[] toFloats(Tensor tensor) {
    Tensor plain = tensor.detach().to(ScalarType.Float).contiguous();
    float[] out = new float[Math.toIntExact(plain.numel())];
    try (FloatPointer data = plain.data_ptr_float()) {
      data.get(out);
    }
    return out;
  }

  /// Returns the extents of a tensor.
  ///
  /// @param tensor the tensor
  /// @return its extents, outermost first
  public static long[] shape(Tensor tensor) {
    long[] shape = new long[Math.toIntExact(tensor.dim())];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = tensor.size(i);
    }
    return shape;
  }

  /// Returns tensors as libtorch lists them.
  ///
  /// @param tensors some tensors
  /// @return a vector of them
  public static TensorVector vector(List<Tensor> tensors) {
    return new TensorVector(tensors.toArray(Tensor[]::new));
  }
}
