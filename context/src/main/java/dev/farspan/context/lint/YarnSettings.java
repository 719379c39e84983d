package dev.farspan.context.lint;

import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import java.util.OptionalDouble;

/// YaRN's ramp and temperature (transformers `_compute_yarn_parameters`).
final class YarnSettings {
  private YarnSettings() {}

  static FrequencyPolicy read(Settings own, Settings outer, double factor, int original) {
    YarnRamp ramp =
        new YarnRamp(
            beta(own, "beta_fast", YarnRamp.DEFAULT.betaFast()),
            beta(own, "beta_slow", YarnRamp.DEFAULT.betaSlow()),
            truncate(own, outer));
    return new FrequencyPolicy.Yarn(factor, original, ramp, temperature(own));
  }

  /// transformers writes `get(key) or default`, and 0 is false in Python.
  private static double beta(Settings own, String key, double otherwise) {
    double beta = own.number(key, otherwise);
    if (beta == 0) {
      own.warn(key, "is 0, which transformers turns into " + otherwise);
      return otherwise;
    }
    return beta;
  }

  /// transformers asks the outer object for `truncate`, also where settings are nested in it.
  private static boolean truncate(Settings own, Settings outer) {
    boolean inner = own.flag("truncate", YarnRamp.DEFAULT.truncate());
    boolean used = outer.flag("truncate", YarnRamp.DEFAULT.truncate());
    if (own.has("truncate") && inner != used) {
      own.warn("truncate", "is nested, where transformers does not see it; it takes " + used);
    }
    return used;
  }

  private static YarnTemperature temperature(Settings own) {
    OptionalDouble given = own.number("attention_factor");
    OptionalDouble mscale = own.number("mscale");
    OptionalDouble all = own.number("mscale_all_dim");
    if (given.isPresent()) {
      if (mscale.isPresent() || all.isPresent()) {
        own.warn("attention_factor", "is given as well as mscale; it takes precedence");
      }
      return new YarnTemperature.Given(given.getAsDouble());
    }
    if (mscale.orElse(0) != 0 && all.orElse(0) != 0) {
      return new YarnTemperature.Mscale(mscale.getAsDouble(), all.getAsDouble());
    }
    if (mscale.isPresent() || all.isPresent()) {
      own.warn(
          mscale.isPresent() ? "mscale" : "mscale_all_dim",
          "is ignored by transformers unless mscale and mscale_all_dim are both there and not 0");
    }
    return new YarnTemperature.FromFactor();
  }
}
