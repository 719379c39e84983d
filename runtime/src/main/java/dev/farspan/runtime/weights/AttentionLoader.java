package dev.farspan.runtime.weights;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.runtime.weights.LayerWeights.AttentionWeights;
import dev.farspan.runtime.weights.LayerWeights.Extras;

/// Reads a layer's attention, whatever the file calls its parts.
///
/// @param config the model's heads
/// @param hidden elements of the residual stream
/// @param source the file
/// @param norms how the file stores gains
record AttentionLoader(AttentionConfig config, int hidden, TensorSource source, Norms norms) {

  /// Reads a normalisation of `size` elements.
  interface Norms {
    Norm read(String name, int size);
  }

  /// What a file calls the parts of one layer's attention, `fused` being all three projections in
  /// one.
  record Names(String fused, Projections projections, String output, ExtraNames extras) {}

  /// Names of the separate projections.
  record Projections(String query, String key, String value) {}

  /// Names of what some families add.
  record ExtraNames(String queryNorm, String keyNorm, String sinks) {}

  AttentionWeights read(Names names) {
    int q = config.querySize();
    int kv = config.kvSize();
    Linear output = source.linear(names.output(), hidden, q);
    Extras extras = extras(names.extras());
    if (source.has(names.fused() + ".weight")) {
      Linear fused = source.linear(names.fused(), q + 2L * kv, hidden);
      return new AttentionWeights(
          Rows.slice(fused, 0, q),
          Rows.slice(fused, q, q + kv),
          Rows.slice(fused, q + kv, q + 2 * kv),
          output,
          extras);
    }
    return new AttentionWeights(
        source.linear(names.projections().query(), q, hidden),
        source.linear(names.projections().key(), kv, hidden),
        source.linear(names.projections().value(), kv, hidden),
        output,
        extras);
  }

  private Extras extras(ExtraNames names) {
    Norm sinks =
        config.sinks()
            ? new Norm(source.vector(names.sinks(), config.heads()), new float[0])
            : Norm.ABSENT;
    if (config.qkNorm() == QkNorm.NONE) {
      return new Extras(Norm.ABSENT, Norm.ABSENT, sinks);
    }
    boolean perHead = config.qkNorm() == QkNorm.PER_HEAD;
    return new Extras(
        norms.read(names.queryNorm(), perHead ? config.headDim() : config.querySize()),
        norms.read(names.keyNorm(), perHead ? config.headDim() : config.kvSize()),
        sinks);
  }
}
