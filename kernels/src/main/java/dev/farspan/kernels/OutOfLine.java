package dev.farspan.kernels;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// A loop of vector operations that C2 must compile by itself.
///
/// C2 stops inlining when one compilation has seen 18,000 nodes (NodeCountInliningCutoff in
/// HotSpot's `c2_globals.hpp`), which is about 50 calls of the Vector API; what comes after is
/// called with boxed vectors and runs ten times slower. A caller with several such loops, as a
/// model of several weight layouts has, falls over that edge. A method handle that is not a
/// constant cannot be inlined, so behind one every loop has the whole budget.
final class OutOfLine {
  private static final MethodType ROWS =
      MethodType.methodType(void.class, MatVec.class, int.class, int.class, float[].class);
  private static final MethodType SOFTMAX =
      MethodType.methodType(void.class, float[].class, int.class, float[].class, float[].class);
  private static final MethodType LOAD =
      MethodType.methodType(void.class, Page.Matrix.class, float[].class);

  private static final MethodType PANEL =
      MethodType.methodType(
          void.class,
          float[].class,
          int.class,
          int.class,
          int.class,
          float[].class,
          int.class,
          float[].class,
          int.class,
          int.class,
          int.class);

  private final MethodHandle code; // of an instance, not static: that is what makes it no constant

  private OutOfLine(MethodHandle code) {
    this.code = code;
  }

  /// Returns the static method `name(MatVec, int first, int last, float[] scratch)` of a class.
  static OutOfLine rows(Class<?> home, String name) {
    return new OutOfLine(find(home, name, ROWS));
  }

  /// Returns the static method `name(Page.Matrix from, float[] out)` of a class.
  static OutOfLine load(Class<?> home, String name) {
    return new OutOfLine(find(home, name, LOAD));
  }

  /// Returns the static method `name(float[] scores, int rows, float[] max, float[] sum)` of a
  /// class.
  static OutOfLine softmax(Class<?> home, String name) {
    return new OutOfLine(find(home, name, SOFTMAX));
  }

  /// Returns the static method `name(float[] a, int aAt, int aStride, int rows, float[] b, int bAt,
  /// float[] c, int cAt, int cStride, int depth)` of a class.
  static OutOfLine panel(Class<?> home, String name) {
    return new OutOfLine(find(home, name, PANEL));
  }

  private static MethodHandle find(Class<?> home, String name, MethodType type) {
    try {
      return MethodHandles.lookup().findStatic(home, name, type);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(home.getSimpleName() + "." + name + type + " is missing", e);
    }
  }

  void run(MatVec product, int first, int last, float[] scratch) {
    try {
      code.invokeExact(product, first, last, scratch);
    } catch (Throwable t) {
      throw unchecked(t);
    }
  }

  void run(float[] scores, int rows, float[] max, float[] sum) {
    try {
      code.invokeExact(scores, rows, max, sum);
    } catch (Throwable t) {
      throw unchecked(t);
    }
  }

  void run(Page.Matrix from, float[] out) {
    try {
      code.invokeExact(from, out);
    } catch (Throwable t) {
      throw unchecked(t);
    }
  }

  void run(
      float[] a,
      int aAt,
      int aStride,
      int rows,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int cStride,
      int depth) {
    try {
      code.invokeExact(a, aAt, aStride, rows, b, bAt, c, cAt, cStride, depth);
    } catch (Throwable t) {
      throw unchecked(t);
    }
  }

  private static RuntimeException unchecked(Throwable t) {
    return switch (t) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      case Throwable other ->
          new IllegalStateException("a kernel threw a checked exception", other);
    };
  }
}
