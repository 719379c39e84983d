package dev.farspan.cli;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.runtime.engine.Model;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `farspan verify`: compares with the logits of another engine.
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Computes the logits of the input_ids in a safetensors file and compares them with its logits,"
          + " which another engine computed.",
      "Exit code 0 if no logit differs by more than the tolerance, else 1."
    },
    footer = {
      "",
      "Example:",
      "  farspan verify MODEL --expected transformers.safetensors --chunk 7"
    })
final class Verify implements Callable<Integer> {
  @Mixin private final Console console;
  @Mixin private final ModelArgument model = new ModelArgument();

  @Option(
      names = "--expected",
      required = true,
      paramLabel = "F.safetensors",
      description = "The file: input_ids, int64 [T], and logits, float32 [T, vocabulary].")
  private Path expected = Path.of("");

  @Mixin private final LogitRun run = new LogitRun();

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description = "Largest difference of a logit that passes; default: 2e-4.")
  private double tolerance = 2e-4;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  Verify(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException("--tolerance must be at least 0, got " + tolerance);
    }
    try (SafetensorsFile file = SafetensorsFile.open(expected);
        Model opened = model.open(console)) {
      int vocab = opened.config().vocabSize();
      int[] ids = ids(tensor(file, Logits.INPUT_IDS, 1));
      Tensor logits = tensor(file, Logits.LOGITS, 2);
      if (logits.rows() != ids.length || logits.cols() != vocab) {
        throw new FormatException(
            expected.toString(),
            "logits have shape %s where [%d, %d] is expected, the ids of the file times the vocabulary of the model"
                .formatted(logits.shape(), ids.length, vocab));
      }
      Agreement agreement = new Agreement(logits);
      run.run(opened, ids, console, agreement::add);
      return report(agreement);
    }
  }

  private Tensor tensor(SafetensorsFile file, String name, int rank) {
    Tensor tensor = file.tensors().get(name);
    if (tensor == null || tensor.shape().rank() != rank) {
      throw new FormatException(
          expected.toString(),
          "needs a tensor '%s' of rank %d, as 'farspan logits' writes it".formatted(name, rank));
    }
    return tensor;
  }

  private int[] ids(Tensor tensor) {
    if (tensor.dtype() != DType.I64) {
      throw new FormatException(
          expected.toString(), "has input_ids of type %s, not I64".formatted(tensor.dtype()));
    }
    var int64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    int[] ids = new int[Math.toIntExact(tensor.shape().elements())];
    // An id beyond int is not in any vocabulary, and -1 is refused like it.
    Arrays.setAll(
        ids,
        i -> {
          long id = tensor.data().get(int64, (long) Long.BYTES * i);
          return id == (int) id ? (int) id : -1;
        });
    if (ids.length == 0) {
      throw new FormatException(expected.toString(), "has no input_ids, so nothing is compared");
    }
    return ids;
  }

  private int report(Agreement agreement) {
    boolean passed = agreement.largest() <= tolerance;
    if (json) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("passed", passed);
      data.put("positions", agreement.positions());
      data.put("max_difference", agreement.largest());
      data.put("mean_difference", agreement.mean());
      data.put("argmax_agreement", agreement.sameArgmax());
      data.put("tolerance", tolerance);
      console.json(data);
    } else {
      console
          .out()
          .println(
              "%s: max |difference| %.3g at position %d, mean %.3g, argmax agrees at %d of %d positions (tolerance %s)"
                  .formatted(
                      passed ? "passed" : "failed",
                      agreement.largest(),
                      agreement.worstPosition(),
                      agreement.mean(),
                      agreement.sameArgmax(),
                      agreement.positions(),
                      tolerance));
      console.out().flush();
    }
    return passed ? 0 : 1;
  }
}
