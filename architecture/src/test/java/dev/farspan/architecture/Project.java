package dev.farspan.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// The repository as the rules see it: its modules, their sources and classes, the drawn arrows.
final class Project {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern MODULE = Pattern.compile("<module>(\\w+)</module>");
  private static final Pattern ARROW = Pattern.compile("(?m)^ *(\\w+) --> (\\w+)$");

  private Project() {}

  /// The modules that the root pom names and that hold production code.
  static List<String> modules() {
    return MODULE
        .matcher(read(ROOT.resolve("pom.xml")))
        .results()
        .map(found -> found.group(1))
        .filter(name -> Files.exists(ROOT.resolve(name, "src/main/java/module-info.java")))
        .toList();
  }

  static Path classes(String module) {
    return built(ROOT.resolve(module, "target", "classes"));
  }

  /// The compiled tests of every module that has any.
  static List<Path> testClasses() {
    return modules().stream()
        .filter(name -> Files.exists(ROOT.resolve(name, "src/test/java")))
        .map(name -> built(ROOT.resolve(name, "target", "test-classes")))
        .toList();
  }

  static ModuleDescriptor descriptor(String module) {
    try (InputStream in = Files.newInputStream(classes(module).resolve("module-info.class"))) {
      return ModuleDescriptor.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Module -> the modules it may use, as the picture in ARCHITECTURE.md draws them.
  static Map<String, Set<String>> arrows() {
    Map<String, Set<String>> arrows = new LinkedHashMap<>();
    ARROW
        .matcher(read(ROOT.resolve("ARCHITECTURE.md")))
        .results()
        .forEach(
            found -> {
              arrows
                  .computeIfAbsent(found.group(1), any -> new LinkedHashSet<>())
                  .add(found.group(2));
              arrows.computeIfAbsent(found.group(2), any -> new LinkedHashSet<>());
            });
    return arrows;
  }

  /// Everything that can be reached from `module` along `arrows`.
  static Set<String> reachable(Map<String, Set<String>> arrows, String module) {
    Set<String> reached = new LinkedHashSet<>();
    List<String> open = new ArrayList<>(arrows.getOrDefault(module, Set.of()));
    while (!open.isEmpty()) {
      String next = open.removeLast();
      if (reached.add(next)) {
        open.addAll(arrows.getOrDefault(next, Set.of()));
      }
    }
    return reached;
  }

  /// The Java sources of a module, tests included.
  static List<Path> sources(String module) {
    try (var files = Files.walk(ROOT.resolve(module, "src"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long lines(Path file) {
    return read(file).lines().count();
  }

  private static Path built(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new IllegalStateException(
          directory + " is missing: build all modules first (mvn test in the root).");
    }
    return directory;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
