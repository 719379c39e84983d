package dev.farspan.training.run;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Another virtual machine that sees what this test sees.
final class OtherJava {
  private OtherJava() {}

  /// Returns the command that runs the main method of a test's class.
  static List<String> command(Class<?> main) {
    String path =
        Stream.of("jdk.module.path", "java.class.path")
            .map(key -> System.getProperty(key, ""))
            .reduce("target/test-classes", (a, b) -> a + File.pathSeparator + b);
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "--add-modules=jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        path,
        main.getName());
  }
}
