package dev.farspan.evaluation.cells;

import dev.farspan.evaluation.Fingerprint;

/// What the measurements of a run have in common.
///
/// @param identity everything they depend on besides their keys: kind of evaluation, fingerprints
///   of model and text, protocol, type of the cache; a run with another identity never reuses them
/// @param facts what a reader of a report wants to know and no measurement depends on: the model's
///   name, the command, the machine
public record RunHeader(Labels identity, Labels facts) {
  /// Returns a short name of the identity.
  ///
  /// @return 32 hexadecimal digits
  public String id() {
    return Fingerprint.ofText(identity.sorted());
  }
}
