/// The command line: the only main, one class per command.
@org.jspecify.annotations.NullMarked
module dev.farspan.cli {
  requires dev.farspan.tensor;
  requires info.picocli;
  requires static org.jspecify;

  // picocli fills the annotated fields of the commands.
  opens dev.farspan.cli to
      info.picocli;
}
