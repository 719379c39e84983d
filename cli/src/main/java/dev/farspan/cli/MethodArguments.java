package dev.farspan.cli;

import dev.farspan.context.method.MethodSpec;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The methods that a command compares.
final class MethodArguments {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  @Option(
      names = "--methods",
      paramLabel = "SPEC,SPEC",
      description = {
        "Methods with commas between them. A piece key=value belongs to the method before it:",
        "none,streaming:sinks=4,window=1020,auto names three."
      })
  private MethodList methods = new MethodList(List.of());

  @Option(names = "--method", paramLabel = "SPEC", description = "One method; may be repeated.")
  private List<MethodSpec> more = List.of();

  /// All of them, each once.
  List<MethodSpec> all() {
    List<MethodSpec> all = new ArrayList<>(methods.methods());
    all.addAll(more);
    if (all.isEmpty()) {
      throw usage("name at least one method, with --methods or --method");
    }
    if (all.stream().map(MethodSpec::text).distinct().count() < all.size()) {
      throw usage("a method is named twice");
    }
    return all;
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(command.commandLine(), sentence);
  }
}
