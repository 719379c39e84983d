package dev.farspan.cli;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.Fingerprint;
import dev.farspan.evaluation.store.Evidence;
import dev.farspan.runtime.engine.Model;
import java.nio.file.Path;
import java.util.Optional;

/// Lets `auto` take what was measured on this very model, where something was.
final class Evidences {
  private Evidences() {}

  /// The method that measured best for a length beyond the trained one, in place of `auto`; else
  /// the specification itself.
  static MethodSpec refine(MethodSpec spec, Model model, int length, Console console) {
    if (!(spec.choice() instanceof MethodSpec.Choice.Auto)) {
      return spec;
    }
    Optional<Evidence> found = Evidence.read(model.path());
    if (found.isEmpty()) {
      return spec;
    }
    Path file = Evidence.fileOf(model.path());
    if (!found.get().model().equals(Fingerprint.ofModel(model.path()))) {
      console.note(file + " was measured on another model of this name, so auto leaves it aside");
      return spec;
    }
    Optional<String> best = found.get().bestMethod(length);
    best.ifPresent(
        method -> console.note("auto takes " + method + ", which measured best in " + file));
    return best.map(MethodSpec::parse).orElse(spec);
  }
}
