package dev.farspan.evaluation.bench;

import dev.farspan.runtime.engine.Model;
import java.nio.file.Path;

/// Tiny checkpoints with 3 layers, hidden size 64, 4 query and 2 key/value heads of 16, 257 tokens.
final class TinyModels {
  private TinyModels() {}

  static Model open(String name) {
    return Model.open(Path.of("../runtime/src/test/resources/golden/tiny", name), 1);
  }
}
