package dev.farspan.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Where in a text needles are hidden.
final class DepthArguments {
  private static final int DEFAULT = 10;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  @Option(
      names = "--depths",
      paramLabel = "N|P,P",
      split = ",",
      description = {
        "How many depths, evenly from the start of the text to its end; or, with commas, the depths",
        "themselves in percent; default: 10."
      })
  private List<Double> depths = List.of();

  /// Whether depths were asked for.
  boolean areGiven() {
    return !depths.isEmpty();
  }

  /// The depths that were asked for, else ten.
  List<Double> all() {
    return or(even(DEFAULT));
  }

  /// Whether what was asked for has a comma: `50,` is one depth, `50` as many.
  private boolean isList() {
    return command
        .commandLine()
        .getParseResult()
        .matchedOption("--depths")
        .originalStringValues()
        .stream()
        .anyMatch(text -> text.contains(","));
  }

  /// The depths that were asked for, else others.
  List<Double> or(List<Double> otherwise) {
    if (depths.isEmpty()) {
      return otherwise;
    }
    if (depths.size() > 1 || isList()) {
      if (depths.stream().anyMatch(depth -> !(depth >= 0 && depth <= 100))) {
        throw new ParameterException(
            command.commandLine(), "--depths are between 0 and 100 percent, got " + depths);
      }
      return depths.stream().distinct().toList();
    }
    double count = depths.getFirst();
    if (count != Math.rint(count) || count < 1 || count > 1000) {
      throw new ParameterException(
          command.commandLine(), "--depths takes a count of at least 1, got " + count);
    }
    return even((int) count);
  }

  /// So many depths, evenly from the start of a text to its end.
  static List<Double> even(int count) {
    List<Double> even = new ArrayList<>();
    for (int d = 0; d < count; d++) {
      even.add(count == 1 ? 50 : 100.0 * d / (count - 1));
    }
    return even;
  }
}
