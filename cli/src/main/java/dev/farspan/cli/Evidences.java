package dev.farspan.cli;

import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.Fingerprint;
import dev.farspan.evaluation.store.Advice;
import dev.farspan.evaluation.store.Evidence;
import dev.farspan.runtime.engine.Model;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Lets `auto` take what was measured on this very model, where something was: in a file beside it,
/// or, where that could not be written, in the home directory.
final class Evidences {
  private final Model model;
  private final Console console;

  private Evidences(Model model, Console console) {
    this.model = model;
    this.console = console;
  }

  /// What a request is to do.
  ///
  /// @param method the method, in place of `auto` where something was measured
  /// @param limit tokens it is good for by measurement; 0 where nothing says so
  record Choice(MethodSpec method, int limit) {}

  /// The method that was recommended for a length beyond the trained one, or else measured best, in
  /// place of `auto`; else the specification itself. Damaged and foreign files are left aside, and
  /// named.
  static Choice refine(MethodSpec spec, Model model, int length, Console console) {
    if (!(spec.choice() instanceof MethodSpec.Choice.Auto)
        || length <= model.config().trainedLength()) {
      return new Choice(spec, 0);
    }
    Evidences evidences = new Evidences(model, console);
    return evidences
        .choice(Evidence.fileOf(model.path()), length)
        .or(() -> evidences.choiceElsewhere(length))
        .orElse(new Choice(spec, 0));
  }

  private Optional<Choice> choice(Path file, int length) {
    return read(file).flatMap(evidence -> choice(evidence, file, length));
  }

  /// Asked last, since the name of that file takes a few megabytes of the model to tell.
  private Optional<Choice> choiceElsewhere(int length) {
    return Files.isDirectory(console.host().state())
        ? choice(elsewhere(), length)
        : Optional.empty();
  }

  private Path elsewhere() {
    return console.host().state().resolve(Fingerprint.ofModel(model.parts().paths()) + ".json");
  }

  private Optional<Evidence> read(Path file) {
    try {
      Optional<Evidence> found = Evidence.readFile(file);
      if (found.isPresent()
          && !found.get().model().equals(Fingerprint.ofModel(model.parts().paths()))) {
        console.note(file + " was measured on another model of this name, so auto leaves it aside");
        return Optional.empty();
      }
      return found;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      console.note(Errors.sentence(e) + "; until then auto goes without it");
      return Optional.empty();
    }
  }

  private Optional<Choice> choice(Evidence evidence, Path file, int length) {
    Optional<Advice> advice = evidence.adviceFor(length);
    if (advice.isPresent()) {
      console.note(
          "auto: %s by the advice of %s (%s)"
              .formatted(advice.get().method(), advice.get().date(), file.getFileName()));
      return Optional.of(new Choice(advice.get().method(), advice.get().context()));
    }
    evidence
        .advice()
        .ifPresent(
            given ->
                console.note(
                    "auto: the advice of %s (%s) ends at %d tokens, this request may come to %d: it goes without it"
                        .formatted(given.date(), file.getFileName(), given.context(), length)));
    Optional<String> best = evidence.bestMethod(length);
    best.ifPresent(
        method -> console.note("auto takes " + method + ", which measured best in " + file));
    return best.map(method -> new Choice(MethodSpec.parse(method), 0));
  }

  /// Keeps evidence beside a model, or in the home directory where that cannot be; returns where.
  static Path keep(Evidence evidence, Model model, Console console) {
    Path beside = Evidence.fileOf(model.path());
    try {
      evidence.writeTo(beside);
      return beside;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      Path elsewhere = new Evidences(model, console).elsewhere();
      console.note(
          "the advice cannot be kept beside the model, for %s; it goes to %s"
              .formatted(Errors.sentence(e), elsewhere));
      evidence.writeTo(elsewhere);
      return elsewhere;
    }
  }
}
