"""Computes the logits of every position with another engine, for farspan verify.

  python3 logits.py transformers MODEL_DIRECTORY IDS.json OUT.safetensors
  python3 logits.py peft         ADAPTER_DIRECTORY IDS.json OUT.safetensors
  python3 logits.py llama.cpp    MODEL.gguf      IDS.json OUT.safetensors

OUT holds input_ids, int64 [T], and logits, float32 [T, vocabulary]. Everything is computed in float32, keys and values included.
llama.cpp is the shared library of $LLAMA_CPP, through the Python bindings that its sources came with.
"""
import json
import os
import sys

import numpy as np
from safetensors.numpy import save_file


def transformers_logits(path, ids):
    import torch
    from transformers import AutoModelForCausalLM

    torch.set_grad_enabled(False)
    model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32, attn_implementation="eager")
    return model(torch.tensor([ids]), use_cache=False).logits[0].float().numpy()


def peft_logits(path, ids):
    """The base under the configuration beside the adapter, as the adapter's README.md says."""
    import torch
    from peft import PeftConfig, PeftModel
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.set_grad_enabled(False)
    base = os.path.join(path, PeftConfig.from_pretrained(path).base_model_name_or_path)
    model = AutoModelForCausalLM.from_pretrained(
        base, config=AutoConfig.from_pretrained(path), dtype=torch.float32, attn_implementation="eager")
    model = PeftModel.from_pretrained(model, path).eval()
    return model(torch.tensor([ids]), use_cache=False).logits[0].float().numpy()


def llama_logits(path, ids):
    os.environ["LLAMA_CPP_LIB_PATH"] = os.path.join(os.environ["LLAMA_CPP"], "bin")
    sys.path.insert(0, os.path.join(os.environ["LLAMA_CPP"], "llama_cpp_python-0.3.36"))
    import llama_cpp as ll

    ll.llama_backend_init()
    loading = ll.llama_model_default_params()
    model = ll.llama_model_load_from_file(path.encode(), loading)
    if not model:
        raise SystemExit("llama.cpp does not load " + path)
    vocabulary = ll.llama_vocab_n_tokens(ll.llama_model_get_vocab(model))
    params = ll.llama_context_default_params()
    params.n_ctx = len(ids)
    params.n_batch = params.n_ubatch = len(ids)
    params.type_k = params.type_v = 0  # float32
    params.flash_attn_type = 0
    context = ll.llama_init_from_model(model, params)
    if not context:
        raise SystemExit("llama.cpp makes no context for " + path)
    batch = ll.llama_batch_init(len(ids), 0, 1)
    batch.n_tokens = len(ids)
    for i, token in enumerate(ids):
        batch.token[i] = token
        batch.pos[i] = i
        batch.n_seq_id[i] = 1
        batch.seq_id[i][0] = 0
        batch.logits[i] = 1
    if ll.llama_decode(context, batch) != 0:
        raise SystemExit("llama.cpp does not run " + path)
    rows = [np.ctypeslib.as_array(ll.llama_get_logits_ith(context, i), shape=(vocabulary,)) for i in range(len(ids))]
    return np.stack(rows)


def main():
    engine, path, ids_file, out = sys.argv[1:]
    with open(ids_file) as file:
        ids = json.load(file)
    logits = {"transformers": transformers_logits, "peft": peft_logits, "llama.cpp": llama_logits}[engine](path, ids)
    save_file({"input_ids": np.array(ids, dtype=np.int64), "logits": np.ascontiguousarray(logits, dtype=np.float32)}, out)


if __name__ == "__main__":
    main()
