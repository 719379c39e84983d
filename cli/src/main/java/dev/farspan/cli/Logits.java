package dev.farspan.cli;

import dev.farspan.formats.TensorSink;
import dev.farspan.formats.safetensors.SafetensorsWriter;
import dev.farspan.formats.safetensors.TensorSpec;
import dev.farspan.runtime.engine.Model;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `farspan logits`: the logits of every position, in a file.
@Command(
    name = "logits",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes the logits of every position to a safetensors file: input_ids, int64 [T], and logits,"
          + " float32 [T, vocabulary].",
      "The ids are one prompt: methods that compute a prompt whole see the length of all of them."
    },
    footer = {
      "",
      "Example:",
      "  farspan logits MODEL --ids 1,15043,3186 --method dynamic-yarn --out logits.safetensors"
    })
final class Logits implements Callable<Integer> {
  static final String LOGITS = "logits";
  static final String INPUT_IDS = "input_ids";

  private static final ValueLayout.OfLong INT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Mixin private final Console console;
  @Mixin private final ModelArgument model = new ModelArgument();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private TokenIdArguments ids = new TokenIdArguments();

  @Mixin private final LogitRun run = new LogitRun();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "F.safetensors",
      description = "The file to write; one of that name is replaced when all is computed.")
  private Path out = Path.of("");

  Logits(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    int[] tokens = ids.read();
    if (Files.isDirectory(out)) {
      throw new IllegalArgumentException(out + " is a directory: name a file with --out");
    }
    try (Model opened = model.open(console)) {
      int vocab = opened.config().vocabSize();
      List<TensorSpec> tensors =
          List.of(
              new TensorSpec(INPUT_IDS, DType.I64, Shape.of(tokens.length)),
              new TensorSpec(LOGITS, DType.F32, Shape.of(tokens.length, vocab)));
      try (TensorSink writer = SafetensorsWriter.create(out, tensors, Map.of())) {
        writer.append(INPUT_IDS, int64(tokens));
        // Positions come in ascending order, and so do the rows of the tensor.
        run.run(
            opened,
            tokens,
            console,
            (_, logits, from) -> writer.append(LOGITS, logits, from, vocab));
        writer.finish();
      }
      console.note("wrote the logits of " + tokens.length + " positions to " + out);
    }
    return 0;
  }

  private static MemorySegment int64(int[] tokens) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[Long.BYTES * tokens.length]);
    for (int i = 0; i < tokens.length; i++) {
      bytes.set(INT64, (long) Long.BYTES * i, tokens[i]);
    }
    return bytes;
  }
}
