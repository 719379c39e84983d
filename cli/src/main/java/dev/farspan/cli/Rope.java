package dev.farspan.cli;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.context.rope.RopeTables;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.formats.hf.HfConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `farspan rope`: the rotary embedding in force at a length.
@Command(
    name = "rope",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the inverse frequencies and the attention factor in force at a length.",
      "They are those of the scaling that the file carries, or of --method, for exactly this"
          + " length: dynamic methods are not rounded to a stage."
    },
    footer = {
      "",
      "Examples:",
      "  farspan rope config.json --length 128k --json",
      "  farspan rope my-model.gguf --length 32k --method yarn:factor=4"
    })
final class Rope implements Callable<Integer> {
  private static final MethodSpec FILE = MethodSpec.parse("file");

  @Mixin private final Console console;

  @Parameters(paramLabel = "CONFIG|MODEL", description = "A config.json, or a model.")
  private String source = "";

  @Option(
      names = "--length",
      required = true,
      paramLabel = "N",
      converter = TokenCount.class,
      description = "Tokens in the sequence, such as 128k.")
  private int length;

  @Option(
      names = "--method",
      paramLabel = "SPEC",
      description = "Context method, such as yarn:factor=4; default: file, what the file carries.")
  private MethodSpec method = FILE;

  @Option(
      names = "--layer-type",
      paramLabel = "TYPE",
      description =
          "For a model with a rotary embedding for each layer type: which one, such as"
              + " sliding_attention; default: that of the layers with full attention.")
  private String layerType = "";

  @Option(
      names = "--json",
      description = "Print JSON: rope_type, length, inv_freq, attention_factor.")
  private boolean json;

  Rope(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    if (length < 1) {
      throw new IllegalArgumentException("--length must be at least 1, got " + length);
    }
    ModelConfig config = config();
    int index = layerType.isEmpty() ? config.mainRopeIndex() : index(config);
    RopeConfig rope = config.ropes().get(index);
    Method resolved = Method.resolve(method, config, length);
    if (!(resolved.pattern() instanceof AttentionPattern.Full)) {
      throw new IllegalArgumentException(
          "rope shows frequencies and '"
              + resolved.name()
              + "' has an attention pattern too: leave the pattern out");
    }
    FrequencyPolicy policy = resolved.policies().get(index);
    RopeTable table = RopeTables.of(policy, rope.base(), length);
    if (json) {
      console.json(data(policy, table));
    } else {
      print(rope, policy, table);
    }
    return 0;
  }

  /// A configuration is enough; no weights are opened where it is a file of its own.
  private ModelConfig config() {
    Path path = console.host().store().find(source);
    if (Files.exists(path.resolve(HfConfig.FILE))) {
      path = path.resolve(HfConfig.FILE);
    }
    if (String.valueOf(path.getFileName()).endsWith(".json")) {
      HfConfig read = HfConfig.read(path);
      read.findings().forEach(finding -> console.note(finding.sentence()));
      return read.model();
    }
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      checkpoint.findings().forEach(finding -> console.note(finding.sentence()));
      return checkpoint.config();
    }
  }

  private int index(ModelConfig config) {
    List<String> names = config.ropes().stream().map(RopeConfig::name).toList();
    int index = names.indexOf(layerType);
    if (index < 0) {
      throw new IllegalArgumentException(
          "%s has no rotary embedding for layer type '%s': it has %s"
              .formatted(source, layerType, String.join(", ", names)));
    }
    return index;
  }

  private Map<String, Object> data(FrequencyPolicy policy, RopeTable table) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("rope_type", RopeTypes.name(policy));
    data.put("length", length);
    data.put("inv_freq", table.inverseFrequencies());
    data.put("attention_factor", table.attentionFactor());
    return data;
  }

  private void print(RopeConfig rope, FrequencyPolicy policy, RopeTable table) {
    console
        .out()
        .println(
            "%s at %d tokens: rotary dimension %d, base %s, attention factor %s"
                .formatted(
                    RopeTypes.name(policy),
                    length,
                    rope.base().rotaryDim(),
                    rope.base().theta(),
                    table.attentionFactor()));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("PAIR", "INVERSE FREQUENCY", "TOKENS A TURN"));
    for (int pair = 0; pair < table.pairs(); pair++) {
      float frequency = table.inverseFrequency(pair);
      String turn = "%.1f".formatted(2 * Math.PI / frequency);
      rows.add(List.of(String.valueOf(pair), String.valueOf(frequency), turn));
    }
    console.out().print(Columns.align(rows));
    console.out().flush();
  }
}
