package dev.farspan.formats.names;

import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.NormConfig.Placement;
import dev.farspan.formats.names.NamePair.Kind;
import java.util.ArrayList;
import java.util.List;

/// The tensors that a model of a family has, by both their names.
///
/// Source: transformers `modeling_*.py`; llama.cpp `gguf-py/gguf/tensor_mapping.py`.
public final class TensorNames {
  private final ModelConfig model;
  private final boolean fused;
  private final List<NamePair> pairs = new ArrayList<>();

  private TensorNames(ModelConfig model) {
    this.model = model;
    this.fused = model.family().equals("phi3");
  }

  /// Returns the tensors of a model.
  ///
  /// @param model its shape
  /// @return both names of each, in the order of the layers
  public static List<NamePair> of(ModelConfig model) {
    TensorNames names = new TensorNames(model);
    names.add("model.embed_tokens", "token_embd", Kind.SAME);
    for (int layer = 0; layer < model.layers().size(); layer++) {
      names.addLayer("model.layers." + layer + ".", "blk." + layer + ".");
    }
    names.add("model.norm", "output_norm", Kind.GAIN);
    if (!model.tiedEmbeddings()) {
      names.add("lm_head", "output", Kind.SAME);
    }
    return names.pairs;
  }

  private void add(String hf, String gguf, Kind kind) {
    pairs.add(new NamePair(hf + ".weight", gguf + ".weight", kind, true));
  }

  private void addLinear(String hf, String gguf, Kind kind) {
    add(hf, gguf, kind);
    pairs.add(new NamePair(hf + ".bias", gguf + ".bias", kind, false));
  }

  private void addLayer(String hf, String gguf) {
    addNorms(hf, gguf);
    String self = hf + "self_attn.";
    if (fused) {
      addLinear(self + "qkv_proj", gguf + "attn_qkv", Kind.SAME);
      addLinear(hf + "mlp.gate_up_proj", gguf + "ffn_up", Kind.SAME);
    } else {
      addLinear(self + "q_proj", gguf + "attn_q", Kind.QUERY);
      addLinear(self + "k_proj", gguf + "attn_k", Kind.KEY);
      addLinear(self + "v_proj", gguf + "attn_v", Kind.SAME);
      addLinear(hf + "mlp.gate_proj", gguf + "ffn_gate", Kind.SAME);
      addLinear(hf + "mlp.up_proj", gguf + "ffn_up", Kind.SAME);
    }
    addLinear(self + "o_proj", gguf + "attn_output", Kind.SAME);
    addLinear(hf + "mlp.down_proj", gguf + "ffn_down", Kind.SAME);
    if (model.attention().qkNorm() != QkNorm.NONE) {
      add(self + "q_norm", gguf + "attn_q_norm", Kind.GAIN);
      add(self + "k_norm", gguf + "attn_k_norm", Kind.GAIN);
    }
  }

  private void addNorms(String hf, String gguf) {
    Placement placement = model.norm().placement();
    if (placement != Placement.POST) {
      add(hf + "input_layernorm", gguf + "attn_norm", Kind.GAIN);
    }
    boolean after = placement == Placement.POST || placement == Placement.PRE_AND_POST;
    String middle = after ? "post_attention_norm" : "ffn_norm";
    add(hf + "post_attention_layernorm", gguf + middle, Kind.GAIN);
    if (placement == Placement.PRE_AND_POST) {
      add(hf + "pre_feedforward_layernorm", gguf + "ffn_norm", Kind.GAIN);
    }
    if (after) {
      add(hf + "post_feedforward_layernorm", gguf + "post_ffw_norm", Kind.GAIN);
    }
  }
}
