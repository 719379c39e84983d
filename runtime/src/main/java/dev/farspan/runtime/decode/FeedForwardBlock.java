package dev.farspan.runtime.decode;

import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.FeedForward.ExpertGate;
import dev.farspan.runtime.decode.Maps.Phase;
import dev.farspan.runtime.weights.FeedForwardWeights;
import java.util.Arrays;

/// The feed-forward block of a layer, dense or routed to experts.
final class FeedForwardBlock {
  private final Maps maps;
  private final FeedForward config;
  private final Activations a;

  FeedForwardBlock(Maps maps, FeedForward config, Activations activations) {
    this.maps = maps;
    this.config = config;
    this.a = activations;
  }

  /// Sets `out` (rows, hidden) to the block's output for `x` (rows, hidden).
  void run(FeedForwardWeights weights, float[] x, Phase phase, float[] out) {
    switch (weights) {
      case FeedForwardWeights.Plain plain -> plain(plain, x, phase, out);
      case FeedForwardWeights.Gated gated -> gated(gated, x, phase, out);
      case FeedForwardWeights.Routed routed -> routed(routed, x, phase, out);
    }
  }

  private void plain(FeedForwardWeights.Plain w, float[] x, Phase phase, float[] out) {
    maps.apply(w.up(), x, phase, a.up);
    int size = w.up().outputs();
    var activation = Maps.kernel(((FeedForward.Dense) config).activation());
    if (phase.rows() == 1) {
      maps.kernels().activate(activation, a.up, 0, size);
    } else {
      maps.eachRow(phase.rows(), r -> maps.kernels().activate(activation, a.up, r * size, size));
    }
    maps.apply(w.down(), a.up, phase, out);
  }

  private void gated(FeedForwardWeights.Gated w, float[] x, Phase phase, float[] out) {
    maps.with(w.gate(), a.gate).with(w.up(), a.up).apply(x, phase);
    int size = w.up().outputs();
    if (phase.rows() == 1) {
      combine(0, size);
    } else {
      maps.eachRow(phase.rows(), r -> combine(r * size, size));
    }
    maps.apply(w.down(), a.gate, phase, out);
  }

  /// Sets the gate's elements to what goes into the down projection.
  private void combine(int at, int size) {
    switch (config) {
      case FeedForward.Dense dense ->
          maps.kernels().gate(Maps.kernel(dense.activation()), a.gate, a.up, at, size);
      case FeedForward.Experts experts -> {
        switch (experts.gate()) {
          case ExpertGate.Silu() ->
              maps.kernels().gate(dev.farspan.kernels.Activation.SILU, a.gate, a.up, at, size);
          case ExpertGate.ClampedSwiglu clamped -> clampedSwiglu(clamped, at, size);
        }
      }
    }
  }

  /// gpt-oss (transformers `modeling_gpt_oss.py`, `GptOssExperts`).
  private void clampedSwiglu(ExpertGate.ClampedSwiglu rule, int at, int size) {
    float limit = (float) rule.limit();
    for (int i = at; i < at + size; i++) {
      float gate = Math.min(a.gate[i], limit);
      float up = Math.clamp(a.up[i], -limit, limit);
      float sigmoid = (float) (1 / (1 + Math.exp(-rule.alpha() * gate)));
      a.gate[i] = gate * sigmoid * (up + 1);
    }
  }

  private void routed(FeedForwardWeights.Routed w, float[] x, Phase phase, float[] out) {
    FeedForward.Experts experts = (FeedForward.Experts) config;
    int count = experts.experts();
    int hidden = w.experts().getFirst().down().outputs();
    maps.apply(w.router(), x, phase, a.router);
    for (int r = 0; r < phase.rows(); r++) {
      Router.weigh(a.router, r * count, experts);
    }
    Arrays.fill(out, 0, phase.rows() * hidden, 0);
    int[] rows = new int[phase.rows()];
    for (int e = 0; e < count; e++) {
      int chosen = 0;
      for (int r = 0; r < phase.rows(); r++) {
        if (a.router[r * count + e] != 0) {
          System.arraycopy(x, r * hidden, a.expertIn, chosen * hidden, hidden);
          rows[chosen++] = r;
        }
      }
      if (chosen > 0) {
        // A lone token stays on the path of decode; several on the matrix path.
        Phase some = phase.decode() ? phase : phase.withRows(chosen);
        gated(w.experts().get(e), a.expertIn, some, a.expertOut);
        for (int c = 0; c < chosen; c++) {
          float weight = a.router[rows[c] * count + e];
          maps.kernels().add(out, rows[c] * hidden, a.expertOut, c * hidden, hidden, weight);
        }
      }
    }
  }
}
