package dev.farspan.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The command that starts this program again, in another virtual machine.
final class SameProgram {
  private static final String OURS = "dev.farspan.cli";
  private static final String MODULE = "jdk.module.main";

  private SameProgram() {}

  /// Whether a launcher started this: a test's virtual machine runs another program.
  static boolean isThis() {
    return OURS.equals(System.getProperty(MODULE));
  }

  /// Returns the command.
  ///
  /// @param kept which of this machine's options the other one gets
  /// @param more options it gets besides
  /// @param words the command line's words
  static List<String> command(Predicate<String> kept, List<String> more, List<String> words) {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> kept.test(option) && !option.startsWith("-D" + MODULE))
        .forEach(all::add);
    all.addAll(more);
    all.addAll(
        isThis()
            ? List.of("--module", OURS + "/" + Main.class.getName())
            : List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    all.addAll(words);
    return all;
  }
}
