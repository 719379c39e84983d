package dev.farspan.evaluation;

import java.util.Optional;

/// Where curves are kept as soon as they are measured, so that an interrupted comparison goes on
/// where it stopped.
public interface CurveStore {
  /// Keeps nothing.
  CurveStore NONE =
      new CurveStore() {
        @Override
        public Optional<LossCurve> find(String method) {
          return Optional.empty();
        }

        @Override
        public void keep(LossCurve curve) {}
      };

  /// Returns the curve of a method, if it has been measured.
  ///
  /// @param method the method's specification
  /// @return its curve
  Optional<LossCurve> find(String method);

  /// Keeps a curve.
  ///
  /// @param curve what was measured
  void keep(LossCurve curve);
}
