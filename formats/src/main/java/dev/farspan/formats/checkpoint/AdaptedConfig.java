package dev.farspan.formats.checkpoint;

import dev.farspan.context.lint.Finding;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.formats.FormatException;
import dev.farspan.formats.hf.HfConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The shape of a model with an adapter: the base's, scaled as the `config.json` beside the adapter
/// says, if there is one, since that is what the adapter was trained under.
///
/// @param model the shape
/// @param findings what is odd about it
record AdaptedConfig(ModelConfig model, List<Finding> findings) {
  AdaptedConfig {
    findings = List.copyOf(findings);
  }

  static AdaptedConfig of(ModelParts parts, ModelConfig base, List<Finding> findings) {
    Path file = parts.path().resolve(HfConfig.FILE);
    if (!Files.exists(file)) {
      return new AdaptedConfig(base, findings);
    }
    HfConfig own = HfConfig.read(file);
    try {
      return new AdaptedConfig(base.scaledAs(own.model()), own.findings());
    } catch (IllegalArgumentException e) {
      throw new FormatException(
          file.toString(),
          "is the configuration of another model than the base " + parts.model(),
          e);
    }
  }
}
