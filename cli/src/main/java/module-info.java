/// The command line: the only main, one class per command.
@org.jspecify.annotations.NullMarked
module dev.farspan.cli {
  requires dev.farspan.evaluation;
  requires dev.farspan.export;
  requires dev.farspan.planner;
  requires dev.farspan.training;
  requires info.picocli;
  requires java.net.http;
  requires jdk.management;
  requires static org.jspecify;
  requires tools.jackson.databind;

  // picocli fills the annotated fields of the commands.
  opens dev.farspan.cli to
      info.picocli;
}
