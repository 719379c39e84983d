package dev.farspan.export;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.export.ExportOptions.Format;
import dev.farspan.formats.checkpoint.TokenizerFiles;
import dev.farspan.formats.gguf.GgufConfig;
import dev.farspan.formats.gguf.GgufRopeWriter;
import dev.farspan.formats.gguf.GgufValue;
import dev.farspan.formats.hf.HfConfig;
import dev.farspan.formats.hf.HfRopeWriter;
import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;
import dev.farspan.tokenizer.HfToGguf;
import dev.farspan.tokenizer.TokenizerConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// From an open model to the files of an export: one way for each pair of formats.
///
/// @param options what was asked for
/// @param context what the files say about positions
record Products(ExportOptions options, CarriedContext context) {

  Product of(ModelSource source) {
    return switch (options.format()) {
      case Format.HuggingFace(HfRopeWriter.Form form) ->
          switch (source) {
            case ModelSource.HuggingFace model -> huggingFace(model, form);
            case ModelSource.Gguf model -> toHuggingFace(model, form);
          };
      case Format.Gguf() ->
          switch (source) {
            case ModelSource.HuggingFace model -> toGguf(model);
            case ModelSource.Gguf model -> gguf(model);
          };
    };
  }

  private Intended intended(ModelSource source) {
    return new Intended(source.config(), context);
  }

  private HfProduct huggingFace(ModelSource.HuggingFace model, HfRopeWriter.Form form) {
    requireTextModel(model);
    Map<String, Object> settings =
        new HfRopeWriter(model.config(), form)
            .write(model.settings(), context.policies(), context.length());
    options.type().ifPresent(type -> putType(settings, form, type));
    context.noted().ifPresent(method -> settings.put(HfConfig.NOTED, method));
    TypeChoice types = new TypeChoice.HuggingFace(options.type());
    List<OutTensor> tensors =
        model.tensors().tensors().values().stream()
            .map(tensor -> OutTensor.of(tensor.name(), types.of(tensor, tensor.name()), tensor))
            .toList();
    Companions companions = Companions.of(model.directory(), context.length());
    return new HfProduct(settings, tensors, companions, intended(model));
  }

  private static void requireTextModel(ModelSource.HuggingFace model) {
    if (!model.config().family().equals(model.settings().get("model_type"))) {
      throw new IllegalArgumentException(
          model.name()
              + " has a text model inside another (a vision tower's), which is not exported: take the"
              + " text model alone");
    }
  }

  private static void putType(Map<String, Object> settings, HfRopeWriter.Form form, DType type) {
    settings.remove("dtype");
    settings.remove("torch_dtype");
    String name =
        switch (type) {
          case F16 -> "float16";
          case BF16 -> "bfloat16";
          default -> "float32";
        };
    settings.put(form == HfRopeWriter.Form.V5 ? "dtype" : "torch_dtype", name);
  }

  private HfProduct toHuggingFace(ModelSource.Gguf model, HfRopeWriter.Form form) {
    ModelConfig config = model.config();
    Family family = Family.ofArchitecture(config);
    TypeChoice types = new TypeChoice.HuggingFace(options.type());
    List<OutTensor> tensors =
        new Conversion(config, family, types, Conversion.Direction.TO_HF)
            .tensors(model.tensors().tensors());
    Map<String, @Nullable Object> shape =
        new LinkedHashMap<>(HfSettings.of(config, family, model.tensors().tensors().keySet()));
    shape.putAll(SpecialIds.of(model.metadata()));
    Map<String, Object> settings =
        new HfRopeWriter(family.named(config), form)
            .write(shape, context.policies(), context.length());
    putType(settings, form, mostOf(tensors));
    context.noted().ifPresent(method -> settings.put(HfConfig.NOTED, method));
    Companions companions = Companions.of(model.tokenizer(), context.length());
    return new HfProduct(settings, tensors, companions, intended(model));
  }

  private GgufProduct gguf(ModelSource.Gguf model) {
    Map<String, GgufValue> keys = new LinkedHashMap<>(model.metadata());
    keys.keySet().removeIf(key -> key.startsWith("split.")); // what is written is whole
    List<Tensor> tensors = new ArrayList<>(model.tensors().tensors().values());
    if (!context.isUnchanged(model.config())) {
      GgufRopeWriter.Written rope =
          GgufRopeWriter.write(
              model.architecture(), model.config(), context.policies(), context.length());
      keys = GgufKeys.extended(keys, model.architecture(), rope.keys());
      tensors.removeIf(tensor -> GgufRopeWriter.TENSORS.contains(tensor.name()));
      tensors.addAll(rope.tensors());
    }
    Map<String, GgufValue> metadata = keys;
    context.noted().ifPresent(method -> metadata.put(GgufConfig.NOTED, GgufValue.text(method)));
    options.type().ifPresent(type -> metadata.put(GgufKeys.FILE_TYPE, GgufKeys.fileType(type)));
    return new GgufProduct(metadata, same(tensors, model), intended(model));
  }

  private GgufProduct toGguf(ModelSource.HuggingFace model) {
    requireTextModel(model);
    ModelConfig config = model.config();
    Family family = Family.ofModelType(config);
    family.requireOutput(config);
    GgufRopeWriter.Written rope =
        GgufRopeWriter.write(family.architecture(), config, context.policies(), context.length());
    TypeChoice types = new TypeChoice.Gguf(options.type(), config.tiedEmbeddings());
    List<OutTensor> tensors =
        new ArrayList<>(
            new Conversion(config, family, types, Conversion.Direction.TO_GGUF)
                .tensors(model.tensors().tensors()));
    rope.tensors().forEach(t -> tensors.add(OutTensor.of(t.name(), t.dtype(), t)));
    Map<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put(GgufKeys.ARCHITECTURE, GgufValue.text(family.architecture()));
    keys.put("general.type", GgufValue.text("model"));
    keys.put(GgufKeys.NAME, GgufValue.text(model.name()));
    keys.put(GgufKeys.FILE_TYPE, GgufKeys.fileType(mostOf(tensors)));
    keys.put("general.quantization_version", GgufValue.u32(2)); // GGML_QNT_VERSION in ggml.h
    context.noted().ifPresent(method -> keys.put(GgufConfig.NOTED, GgufValue.text(method)));
    keys.putAll(ArchitectureKeys.of(config, family));
    keys.putAll(rope.keys());
    keys.putAll(GgufKeys.ofPlain(tokenizer(model)));
    return new GgufProduct(keys, tensors, intended(model));
  }

  /// The type that most bytes have.
  private static DType mostOf(List<OutTensor> tensors) {
    Map<DType, Long> bytes = new EnumMap<>(DType.class);
    tensors.forEach(t -> bytes.merge(t.dtype(), t.bytes(), Long::sum));
    return Collections.max(bytes.entrySet(), Map.Entry.comparingByValue()).getKey();
  }

  /// A model without a tokenizer is a file without one, which llama.cpp runs on ids.
  private static Map<String, ?> tokenizer(ModelSource.HuggingFace model) {
    TokenizerFiles.HuggingFace files = model.tokenizer();
    return files
        .tokenizer()
        .<Map<String, ?>>map(
            json ->
                HfToGguf.values(
                    json,
                    files.config().map(TokenizerConfig::read).orElse(TokenizerConfig.EMPTY),
                    model.config().vocabSize()))
        .orElse(Map.of("tokenizer.ggml.model", "none"));
  }

  private List<OutTensor> same(List<Tensor> tensors, ModelSource.Gguf model) {
    TypeChoice types = new TypeChoice.Gguf(options.type(), model.config().tiedEmbeddings());
    return tensors.stream()
        .map(
            tensor ->
                OutTensor.of(
                    tensor.name(),
                    options.type().isPresent() ? types.of(tensor, tensor.name()) : tensor.dtype(),
                    tensor))
        .toList();
  }
}
