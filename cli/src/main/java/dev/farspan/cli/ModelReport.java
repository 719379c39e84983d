package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.context.lint.Finding;
import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.context.rope.RopeTables;
import dev.farspan.formats.checkpoint.Checkpoint;
import dev.farspan.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Everything `farspan info` says about a model, as data and as text.
///
/// @param facts what it is at a glance
/// @param ropes the rotary embeddings in force at the claimed length
/// @param tokenizer what its tokenizer is
/// @param findings what is odd about its configuration
record ModelReport(
    ModelFacts facts, List<Rotary> ropes, TokenizerFacts tokenizer, List<Finding> findings) {
  /// A rotary embedding, the table of the scaling its file carries, and how many layers use it.
  record Rotary(RopeConfig config, RopeTable table, int layers) {}

  /// Describes a model, its text cut into words by that pre-tokenizer.
  static ModelReport of(Checkpoint checkpoint, Optional<String> preTokenizer) {
    ModelConfig config = checkpoint.config();
    List<Rotary> ropes = new ArrayList<>();
    for (int i = 0; i < config.ropes().size(); i++) {
      RopeConfig rope = config.ropes().get(i);
      int index = i;
      ropes.add(
          new Rotary(
              rope,
              RopeTables.of(rope.scaling(), rope.base(), config.maxLength()),
              (int) config.layers().stream().filter(layer -> layer.rope() == index).count()));
    }
    return new ModelReport(
        ModelFacts.of(checkpoint),
        ropes,
        TokenizerFacts.of(checkpoint, preTokenizer),
        checkpoint.findings());
  }

  private ModelConfig config() {
    return facts.config();
  }

  /// Keys and values of one token in all layers.
  private long cacheBytes(DType type) {
    return type.bytes(2L * config().attention().kvSize() * config().layers().size());
  }

  private List<Integer> windows() {
    return config().layers().stream()
        .map(LayerConfig::window)
        .filter(window -> window != LayerConfig.FULL)
        .toList();
  }

  Map<String, Object> data() {
    AttentionConfig attention = config().attention();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("path", facts.path().toString());
    data.put("format", facts.kind());
    data.put("family", config().family());
    data.put("parameters", facts.parameters());
    data.put("bytes", facts.bytes());
    data.put("types", facts.types().stream().map(ModelReport::data).toList());
    data.put("layers", config().layers().size());
    data.put("hidden_size", config().hiddenSize());
    data.put("heads", attention.heads());
    data.put("kv_heads", attention.kvHeads());
    data.put("head_dim", attention.headDim());
    data.put("vocab_size", config().vocabSize());
    data.put("tied_embeddings", config().tiedEmbeddings());
    data.put("trained_length", config().trainedLength());
    data.put("claimed_length", config().maxLength());
    data.put("window_layers", windows().size());
    data.put("windows", windows().stream().distinct().toList());
    data.put("kv_bytes_per_token_f32", cacheBytes(DType.F32));
    data.put("kv_bytes_per_token_f16", cacheBytes(DType.F16));
    data.put("rope", ropes.stream().map(this::data).toList());
    data.put("tokenizer", tokenizer.data());
    data.put("findings", findings.stream().map(ModelReport::data).toList());
    return data;
  }

  private static Map<String, Object> data(ModelFacts.Share share) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("type", share.type().name());
    data.put("tensors", share.tensors());
    data.put("parameters", share.parameters());
    data.put("bytes", share.bytes());
    return data;
  }

  private Map<String, Object> data(Rotary rotary) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("layer_type", rotary.config().name());
    data.put("layers", rotary.layers());
    data.put("rope_type", RopeTypes.name(rotary.config().scaling()));
    data.put("rope_theta", rotary.config().base().theta());
    data.put("rotary_dim", rotary.config().base().rotaryDim());
    data.put("length", config().maxLength());
    data.put("inv_freq_first", rotary.table().inverseFrequency(0));
    data.put("inv_freq_mid", rotary.table().inverseFrequency(rotary.table().pairs() / 2));
    data.put("inv_freq_last", rotary.table().inverseFrequency(rotary.table().pairs() - 1));
    data.put("attention_factor", rotary.table().attentionFactor());
    return data;
  }

  private static Map<String, Object> data(Finding finding) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
    data.put("key", finding.key());
    data.put("message", finding.message());
    return data;
  }

  String text() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("model", facts.path().toString()));
    rows.add(List.of("family", "%s (%s)".formatted(config().family(), facts.kind())));
    addWeights(rows);
    rows.add(List.of("shape", shape()));
    addContext(rows);
    ropes.forEach(rotary -> rows.add(List.of("RoPE", text(rotary))));
    rows.add(List.of("tokenizer", tokenizer.sentence()));
    tokenizer.note().ifPresent(note -> rows.add(List.of("note", note)));
    for (Finding finding : findings) {
      rows.add(List.of(finding.severity().name().toLowerCase(Locale.ROOT), finding.sentence()));
    }
    return Columns.align(rows);
  }

  private void addWeights(List<List<String>> rows) {
    String all =
        "%s parameters, %s"
            .formatted(Amounts.count(facts.parameters()), Amounts.bytes(facts.bytes()));
    rows.add(List.of("weights", all));
    for (ModelFacts.Share share : facts.types()) {
      String one =
          "%s: %d tensors, %s parameters, %s"
              .formatted(
                  share.type(),
                  share.tensors(),
                  Amounts.count(share.parameters()),
                  Amounts.bytes(share.bytes()));
      rows.add(List.of("", one));
    }
  }

  private String shape() {
    AttentionConfig attention = config().attention();
    return "%d layers, hidden size %d, %d heads, %d key/value heads of %d, vocabulary %s%s"
        .formatted(
            config().layers().size(),
            config().hiddenSize(),
            attention.heads(),
            attention.kvHeads(),
            attention.headDim(),
            Amounts.count(config().vocabSize()),
            config().tiedEmbeddings() ? " (tied)" : "");
  }

  private void addContext(List<List<String>> rows) {
    rows.add(
        List.of(
            "context",
            "trained for %s tokens, claims %s"
                .formatted(
                    Amounts.count(config().trainedLength()), Amounts.count(config().maxLength()))));
    if (!windows().isEmpty()) {
      List<Integer> sizes = windows().stream().distinct().toList();
      rows.add(
          List.of("", "%d layers see a window of %s tokens".formatted(windows().size(), sizes)));
    }
    rows.add(
        List.of(
            "KV cache",
            "%s bytes a token as f32, %s as f16"
                .formatted(
                    Amounts.count(cacheBytes(DType.F32)), Amounts.count(cacheBytes(DType.F16)))));
  }

  private String text(Rotary rotary) {
    RopeTable table = rotary.table();
    return "%s, %s layers (%d), base %s, %d of %d dimensions; at %s tokens inverse frequencies %s ... %s ... %s, attention factor %s"
        .formatted(
            RopeTypes.name(rotary.config().scaling()),
            rotary.config().name(),
            rotary.layers(),
            rotary.config().base().theta(),
            rotary.config().base().rotaryDim(),
            config().attention().headDim(),
            Amounts.count(config().maxLength()),
            table.inverseFrequency(0),
            table.inverseFrequency(table.pairs() / 2),
            table.inverseFrequency(table.pairs() - 1),
            table.attentionFactor());
  }
}
