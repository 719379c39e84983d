package dev.farspan.training.recipe;

import dev.farspan.formats.adapter.Adapter;
import dev.farspan.formats.adapter.AdapterConfig;
import dev.farspan.formats.adapter.BaseLayout;
import dev.farspan.formats.checkpoint.ModelParts;
import dev.farspan.formats.text.JsonFile;
import dev.farspan.formats.text.WholeFile;
import dev.farspan.tensor.DType;
import dev.farspan.training.model.LowRank;
import dev.farspan.training.model.TorchModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// What low-rank training changed, as a directory in PEFT's format: small, and of no use without
/// its base. Its `config.json` is the base's with the scaling that the adapter was trained under.
final class SavedAdapter {
  private static final String LOW_RANK = ".lora_";
  private static final String WEIGHT = ".weight";

  private SavedAdapter() {}

  /// Writes everything but the weights: what the adapter is and how it is used.
  ///
  /// @throws IllegalArgumentException if the base is an adapter itself
  static void describe(Recipe recipe, TorchModel model, ModelParts base, Path out) {
    if (!base.adapters().isEmpty()) {
      throw new IllegalArgumentException(
          base.path()
              + " is an adapter, which cannot be the base of another: merge it first (farspan export), or leave out lora.save");
    }
    LowRank low = recipe.adapters().orElseThrow();
    String name = relative(out, base.model());
    List<String> modules =
        model.parameters().trained().stream()
            .filter(trained -> !trained.contains(LOW_RANK))
            .map(trained -> trained.substring(0, trained.length() - WEIGHT.length()))
            .map(module -> module.substring(module.lastIndexOf('.') + 1))
            .distinct()
            .toList();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("peft_type", "LORA");
    config.put("task_type", "CAUSAL_LM");
    config.put("base_model_name_or_path", name);
    config.put("inference_mode", true);
    config.put("r", low.rank());
    config.put("lora_alpha", number(low.alpha()));
    config.put("lora_dropout", 0.0);
    config.put("use_rslora", false);
    config.put("bias", "none");
    config.put("target_modules", low.targets());
    config.put("modules_to_save", modules);
    if (model.config().tiedEmbeddings()) {
      config.put("ensure_weight_tying", true);
    }
    JsonFile.write(out.resolve(AdapterConfig.FILE), config);
    WholeFile.write(out.resolve("README.md"), card(name));
  }

  /// PEFT's alpha is a whole number, mostly.
  private static Number number(double value) {
    return value == Math.rint(value) ? (Number) Math.round(value) : (Number) value;
  }

  /// The path of the base from the adapter's directory, so that both can be moved together.
  private static String relative(Path out, Path base) {
    Path from = out.toAbsolutePath().normalize();
    Path to = base.toAbsolutePath().normalize();
    boolean related = from.getRoot() != null && from.getRoot().equals(to.getRoot());
    return (related ? from.relativize(to) : to).toString().replace('\\', '/');
  }

  private static String card(String base) {
    return """
        ---
        base_model: %s
        library_name: peft
        tags: [lora, farspan]
        ---
        A low-rank adapter, trained by `farspan tune` under the RoPE scaling that its `config.json` says. Without that scaling its
        base reads wrongly with it, so give the base this configuration:

        ```python
        from peft import PeftModel
        from transformers import AutoConfig, AutoModelForCausalLM

        here = "."  # this directory
        base = AutoModelForCausalLM.from_pretrained(here + "/%s", config=AutoConfig.from_pretrained(here))
        model = PeftModel.from_pretrained(base, here)
        ```

        Farspan takes this directory wherever it takes a model, and the configuration with it.
        """
        .formatted(base, base);
  }

  /// Writes the weights under PEFT's names. A tied head stands there beside its embedding: PEFT
  /// asks for both.
  static void write(TorchModel model, DType type, Path out) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (String name : model.parameters().trained()) {
      Tensor tensor = model.parameters().get(name);
      named.put(Adapter.PREFIX + name + (name.contains(LOW_RANK) ? WEIGHT : ""), tensor);
      if (name.equals(BaseLayout.EMBEDDING) && model.config().tiedEmbeddings()) {
        named.put(Adapter.PREFIX + BaseLayout.HEAD, tensor);
      }
    }
    SavedModel.write(named, type, out.resolve(Adapter.WEIGHTS));
  }
}
