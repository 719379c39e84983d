package dev.farspan.evaluation.advice;

import dev.farspan.context.method.MethodSpec;

/// Told how readings go on.
public interface ReadingListener {
  /// Hears nothing.
  ReadingListener NONE = new ReadingListener() {};

  /// Called while a text is read.
  ///
  /// @param method the context method
  /// @param length tokens that are read
  /// @param done tokens that have been
  default void onProgress(MethodSpec method, int length, long done) {}

  /// Called when a reading is finished.
  ///
  /// @param method the context method
  /// @param length tokens that were read
  /// @param stored whether an earlier run had read them
  default void onReading(MethodSpec method, int length, boolean stored) {}
}
