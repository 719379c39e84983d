package dev.farspan.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static final String PREFIX = "dev.farspan.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importPaths(Project.modules().stream().map(Project::classes).toList());

  static List<String> modules() {
    return Project.modules();
  }

  /// Guards all rules below: ArchUnit passes over a class file that it cannot read.
  @ParameterizedTest
  @MethodSource("modules")
  void theRulesSeeTheClassesOfEveryModule(String module) {
    assertThat(CLASSES)
        .anyMatch(type -> (type.getPackageName() + ".").startsWith(PREFIX + module + "."));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void directoryModuleAndPackagesShareOneName(String module) {
    var descriptor = Project.descriptor(module);
    assertThat(descriptor.name()).isEqualTo(PREFIX + module);
    assertThat(descriptor.exports())
        .allSatisfy(
            exported -> assertThat(exported.source() + ".").startsWith(PREFIX + module + "."));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleRequiresOnlyWhatThePictureInArchitectureMdAllows(String module) {
    var arrows = Project.arrows();
    assertThat(arrows).as("modules drawn in ARCHITECTURE.md").containsKey(module);
    assertThat(
            required(module)
                .filter(name -> name.startsWith(PREFIX))
                .map(name -> name.substring(PREFIX.length())))
        .isSubsetOf(Project.reachable(arrows, module));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void thePictureHasNoCycle(String module) {
    assertThat(Project.reachable(Project.arrows(), module)).doesNotContain(module);
  }

  /// `tensor` and `context` are pure: they test in seconds and fit into any other program.
  @Test
  void tensorAndContextNeedNothingButTheJdk() {
    assertThat(
            Project.modules().stream()
                .filter(List.of("tensor", "context")::contains)
                .flatMap(ArchitectureTest::required))
        .allMatch(name -> name.startsWith("java.") || name.equals("org.jspecify"));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void onlyKernelsTouchesTheIncubatingVectorApi(String module) {
    boolean usesVectors = required(module).anyMatch("jdk.incubator.vector"::equals);
    assertThat(usesVectors && !module.equals("kernels")).isFalse();
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching("dev.farspan.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyTheCommandLineTouchesTheStandardStreams() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.farspan.cli..")
        .should(ACCESS_STANDARD_STREAMS)
        .check(CLASSES);
  }

  @Test
  void nobodyUsesJavaUtilLogging() {
    noClasses().should(USE_JAVA_UTIL_LOGGING).check(CLASSES);
  }

  /// The build also fails on a test that was skipped when run; this finds those that no run
  /// reached.
  @Test
  void noTestIsDisabledOrGivesUpOnAnAssumption() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "org\\.junit\\.jupiter\\.api\\.(Disabled|Assumptions|condition\\..*)"
                + "|org\\.assertj\\.core\\.api\\.Assumptions")
        .check(new ClassFileImporter().importPaths(Project.testClasses()));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void noSourceFileIsLongerThanItsLimit(String module) {
    // A kernel file holds one operation for many layouts, unrolled by hand: longer, and still one
    // idea.
    int limit = module.equals("kernels") ? 900 : 500;
    assertThat(Project.sources(module).stream().filter(file -> Project.lines(file) > limit))
        .as("files of more than %d lines", limit)
        .map(Path::toString)
        .isEmpty();
  }

  private static Stream<String> required(String module) {
    return Project.descriptor(module).requires().stream().map(Requires::name);
  }
}
