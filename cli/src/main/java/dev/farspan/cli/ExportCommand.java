package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.cli.progress.Progress;
import dev.farspan.cli.progress.Task;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.export.Export;
import dev.farspan.export.ExportOptions;
import dev.farspan.export.ExportOptions.Format;
import dev.farspan.export.ExportOptions.Inexpressible;
import dev.farspan.formats.hf.HfRopeWriter;
import dev.farspan.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `farspan export`: an extended model as files for other engines.
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes a model with a context method in it, for llama.cpp (gguf), or transformers and vLLM"
          + " (hf), with a card that says how it was made.",
      "A method that the format can't express is refused, with the reason."
    },
    footer = {
      "",
      "Examples:",
      "  farspan export MODEL --format gguf --method yarn:factor=4 --type q8_0 --out longer.gguf",
      "  farspan export MODEL --format hf --method yarn:factor=4 --out longer"
    })
final class ExportCommand implements Callable<Integer> {
  private enum FormatName {
    hf,
    gguf
  }

  private enum FormName {
    old,
    v5
  }

  private enum TypeName {
    f32,
    f16,
    bf16,
    q8_0,
    q4_0,
    q4_1
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final Console console;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "A directory in Hugging Face's format or an adapter's, a .gguf file, or a name in the store.")
  private String model = "";

  @Option(
      names = "--format",
      required = true,
      paramLabel = "hf|gguf",
      description = "What to write: a directory in Hugging Face's format, or one GGUF file.")
  private FormatName format = FormatName.hf;

  @Option(
      names = "--method",
      paramLabel = "SPEC",
      description =
          "Context method to put into it; default: file, the scaling that the model's file carries.")
  private MethodSpec method = MethodSpec.parse("file");

  @Option(
      names = "--context",
      paramLabel = "N",
      converter = TokenCount.Positive.class,
      description = "Length that the files claim; default: what the method reaches.")
  private int context = ExportOptions.REACH;

  @Option(
      names = "--type",
      paramLabel = "T",
      description =
          "How matrices are stored: f32, f16, bf16; for gguf also q8_0, q4_0, q4_1; default: as they"
              + " are (hf: f16 if they are quantised).")
  private @Nullable TypeName type;

  @Option(
      names = "--config-form",
      paramLabel = "old|v5",
      description =
          "Where config.json has its RoPE settings: v5 writes rope_parameters, and rope_theta and"
              + " rope_scaling beside them, which is all that transformers 4 reads; old writes those"
              + " alone, which transformers 5 and vLLM read too; default: ${DEFAULT-VALUE}.")
  private FormName form = FormName.v5;

  @Option(
      names = "--note",
      description =
          "Keep a method that the format can't express as a note for Farspan, instead of refusing"
              + " it.")
  private boolean note;

  @Option(
      names = "--evaluation",
      paramLabel = "DIR",
      description = "What 'farspan eval ... --out DIR' measured, for the card.")
  private @Nullable Path evaluation;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PATH",
      description = "Where to; nothing may be there.")
  private Path out = Path.of("");

  ExportCommand(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    if (format == FormatName.gguf) {
      new Given(spec)
          .refuse(
              List.of("--config-form"),
              "has no effect on a GGUF file, which has no config.json: leave it out");
    }
    Path source = console.host().store().find(model);
    try (Export export = Export.of(source, options(), out)) {
      export.notes().forEach(console::note);
      Task task =
          new Task("writing", Task.Unit.BYTES, Math.max(1, export.bytes()), Task.Pace.STEADY);
      try (Progress progress = console.progress(task, 0)) {
        export.run(progress::update);
      }
      console.note("wrote %s of weights".formatted(Amounts.bytes(export.bytes())));
    }
    console.out().println(out);
    console.out().flush();
    return 0;
  }

  private ExportOptions options() {
    return new ExportOptions(
        switch (format) {
          case hf ->
              new Format.HuggingFace(
                  switch (form) {
                    case old -> HfRopeWriter.Form.OLD;
                    case v5 -> HfRopeWriter.Form.V5;
                  });
          case gguf -> new Format.Gguf();
        },
        method,
        context,
        Optional.ofNullable(type).map(ExportCommand::dtype),
        note ? Inexpressible.NOTED : Inexpressible.REFUSED,
        Optional.ofNullable(evaluation));
  }

  private static DType dtype(TypeName type) {
    return switch (type) {
      case f32 -> DType.F32;
      case f16 -> DType.F16;
      case bf16 -> DType.BF16;
      case q8_0 -> DType.Q8_0;
      case q4_0 -> DType.Q4_0;
      case q4_1 -> DType.Q4_1;
    };
  }
}
