"""Tiny random adapters as PEFT writes them, on a tiny random base, with the logits that PEFT computes with them (float32).

usage: adapters.py OUT_DIR SEED     (needs torch, transformers and peft)
Writes OUT_DIR/base/{config.json, model.safetensors} and OUT_DIR/<case>/{adapter_config.json, adapter_model.safetensors,
expected.safetensors}; expected.safetensors: input_ids [T] int64, logits [T, vocab] float32.
"""
import os, sys
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, LlamaConfig

out, seed = sys.argv[1], int(sys.argv[2])
torch.manual_seed(seed)
torch.set_grad_enabled(False)
base = os.path.join(out, "base")
shape = dict(vocab_size=40, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
             head_dim=8, max_position_embeddings=64, tie_word_embeddings=True, attention_bias=True, bos_token_id=1, eos_token_id=2)


def shake(model, trained_only=True):
    """Random values for what training changes: zero updates would test nothing."""
    for parameter in model.parameters():
        if parameter.requires_grad or not trained_only:
            parameter += 0.3 * torch.randn_like(parameter)


def load():
    return AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, attn_implementation="eager").eval()


first = AutoModelForCausalLM.from_config(LlamaConfig(**shape)).float()
shake(first, trained_only=False)
first.save_pretrained(base)
os.path.exists(os.path.join(base, "generation_config.json")) and os.remove(os.path.join(base, "generation_config.json"))

EVERY = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CASES = {
    "plain": dict(r=3, lora_alpha=7, target_modules=EVERY),
    "patterns": dict(r=4, lora_alpha=8, target_modules=["q_proj", "down_proj"], use_rslora=True,
                     rank_pattern={"down_proj": 2, r"layers\.1\.self_attn\.q_proj": 3}, alpha_pattern={"^model.layers.0.mlp.down_proj": 3}),
    "tied": dict(r=2, lora_alpha=4, target_modules=["v_proj"], modules_to_save=["embed_tokens", "norm"], ensure_weight_tying=True),
    "apart": dict(r=2, lora_alpha=4, target_modules=["v_proj"], modules_to_save=["embed_tokens"]),
    "both": dict(r=2, lora_alpha=4, target_modules=["v_proj"], modules_to_save=["embed_tokens", "lm_head"]),
    "embedding": dict(r=2, lora_alpha=4, target_modules=["embed_tokens", "k_proj"]),
    "bias": dict(r=2, lora_alpha=4, target_modules=["q_proj", "o_proj"], bias="all"),
}
for name, settings in CASES.items():
    directory = os.path.join(out, name)
    model = get_peft_model(load(), LoraConfig(task_type="CAUSAL_LM", **settings))
    shake(model)
    model.peft_config["default"].base_model_name_or_path = "../base"
    model.save_pretrained(directory)
    os.path.exists(os.path.join(directory, "README.md")) and os.remove(os.path.join(directory, "README.md"))
    ids = torch.randint(3, 40, (1, 12))
    logits = PeftModel.from_pretrained(load(), directory).eval()(ids, use_cache=False).logits[0]
    assert torch.allclose(logits, model.eval()(ids, use_cache=False).logits[0], atol=1e-5), name
    assert not torch.allclose(logits, load()(ids, use_cache=False).logits[0], atol=1e-2), name
    save_file({"input_ids": ids[0].long(), "logits": logits.contiguous()}, os.path.join(directory, "expected.safetensors"))
    print(name, float(logits.abs().max()))
