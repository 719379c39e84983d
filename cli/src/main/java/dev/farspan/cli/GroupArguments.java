package dev.farspan.cli;

import dev.farspan.training.parallel.Alone;
import dev.farspan.training.parallel.GlooGroup;
import dev.farspan.training.parallel.Group;
import dev.farspan.training.parallel.Rendezvous;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How many processes do a command's work together, and which of them this is.
final class GroupArguments {
  /// As long as a store of PyTorch's waits (`c10d::Store::kDefaultTimeout`).
  static final Duration PATIENCE = Duration.ofMinutes(5);

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--world-size",
      paramLabel = "N",
      converter = PositiveCount.class,
      description =
          "Processes that train together, each on as many examples as the recipe says. Without"
              + " --rank all are started here.")
  private int size = 1;

  @Option(
      names = "--rank",
      paramLabel = "R",
      description = "Which of the processes this is, from 0; rank 0 writes the model.")
  private @Nullable Integer rank;

  @Option(
      names = "--rendezvous",
      paramLabel = "PLACE",
      description =
          "Where processes with a --rank meet: HOST:PORT of rank 0, or a new file on one machine.")
  private @Nullable String place;

  /// Checks what can be without the others.
  void check() {
    Integer given = rank;
    if ((given == null) != (place == null)) {
      throw usage("--rank and --rendezvous go together: give every process both, or none");
    }
    if (given != null && (given < 0 || given >= size)) {
      throw usage("--rank must be from 0 to %d, got %d".formatted(size - 1, given));
    }
  }

  int size() {
    return size;
  }

  /// The number of this process.
  int rank() {
    return Optional.ofNullable(rank).orElse(0);
  }

  /// Whether the other processes are to be started here.
  boolean startsOthers() {
    return size > 1 && rank == null;
  }

  /// The processes that somebody started; waits until all are there.
  Group join(Console console) {
    if (place == null) {
      return new Alone();
    }
    Rendezvous where = Rendezvous.parse(place);
    console.note("rank %d of %d waits for the others at %s".formatted(rank(), size, where));
    return GlooGroup.join(where, rank(), size, PATIENCE);
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
