package dev.farspan.cli;

import dev.farspan.context.method.MethodSpec;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The `farspan` command: the names of all commands and what is common to them.
@Command(
    name = "farspan",
    version = "farspan 0.1.0-SNAPSHOT",
    mixinStandardHelpOptions = true,
    description =
        "Makes pretrained RoPE language models read far beyond the context they were trained for.",
    footer = {
      "",
      "MODEL is a directory in Hugging Face's format or an adapter's, a .gguf file, or a name in the store"
          + " ($FARSPAN_MODELS).",
      "Counts of tokens may be written with a suffix: 128k is 131072.",
      "Exit codes: 0 done, 1 failed, 2 wrong usage.",
      "",
      "Example:",
      "  farspan generate smollm2-135m-instruct.q4_1.gguf --file long.txt --method auto"
    })
final class Main implements Callable<Integer> {
  /// A command by its name.
  private record Entry(String name, Function<Host, Object> command) {}

  private static final List<Entry> COMMANDS =
      List.of(
          new Entry("demo", Demo::new),
          new Entry("pull", Pull::new),
          new Entry("models", Models::new),
          new Entry("info", InfoCommand::new),
          new Entry("rope", Rope::new),
          new Entry("plan", Plan::new),
          new Entry("generate", Generate::new),
          new Entry("compare", Compare::new),
          new Entry("advise", Advise::new),
          new Entry("search", Search::new),
          new Entry("tune", Tune::new),
          new Entry("export", ExportCommand::new),
          new Entry("eval", Main::eval),
          new Entry("bench", Bench::new),
          new Entry("logits", Logits::new),
          new Entry("verify", Verify::new));

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    // Numbers are spelled the same everywhere, for a program may read them.
    Locale.setDefault(Locale.ROOT);
    // Text is UTF-8 whatever the locale says: a generated character must not become '?'.
    CommandLine command =
        commandLine(Host.ofProcess(), args)
            .setOut(writer(FileDescriptor.out))
            .setErr(writer(FileDescriptor.err));
    System.exit(run(command, args));
  }

  /// Returns the command line for some words. picocli reads the annotations of what it is given,
  /// which takes 0.2 s for all of them: where the first word is a command it gets that one.
  static CommandLine commandLine(Host host, String... args) {
    Errors errors = new Errors(host);
    CommandLine line = new CommandLine(new Main());
    List<Entry> asked =
        COMMANDS.stream().filter(entry -> args.length > 0 && entry.name.equals(args[0])).toList();
    for (Entry entry : asked.isEmpty() ? COMMANDS : asked) {
      line.addSubcommand(entry.name, entry.command.apply(host));
    }
    return line.registerConverter(MethodSpec.class, new MethodArgument())
        .registerConverter(MethodList.class, new MethodArgument.Several())
        .setExecutionExceptionHandler(errors)
        .setParameterExceptionHandler(errors);
  }

  private static CommandLine eval(Host host) {
    return new CommandLine(new Eval())
        .addSubcommand(new EvalPerplexity(host))
        .addSubcommand(new EvalPasskey(host))
        .addSubcommand(new EvalNiah(host))
        .addSubcommand(new EvalRuler(host))
        .addSubcommand(new EvalKv(host))
        .addSubcommand(new EvalReport(host));
  }

  /// Runs a command; not even an error of the machine shows a stack trace, and a result that could
  /// not be printed is a failure.
  static int run(CommandLine command, String... args) {
    Errors errors = new Errors(Host.ofProcess());
    try {
      int exit = command.execute(args);
      // checkError also flushes.
      return exit == 0 && command.getOut().checkError() ? errors.lostOutput(command) : exit;
    } catch (VirtualMachineError | LinkageError e) {
      // InternalError among them: a mapped file that became shorter while it was read.
      return errors.handle(e, command);
    }
  }

  private static PrintWriter writer(FileDescriptor stream) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(stream), StandardCharsets.UTF_8), true);
  }

  /// Without a command there is nothing to do but to say what there is.
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }
}
