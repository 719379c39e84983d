"""Prints the token ids of a text, as a JSON list, without tokens added around it.

  python3 tokens.py transformers MODEL_DIRECTORY TEXT.txt
  python3 tokens.py llama.cpp    MODEL.gguf      TEXT.txt
"""
import ctypes
import json
import os
import sys


def transformers_ids(path, text):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(path)(text, add_special_tokens=False)["input_ids"]


def llama_ids(path, text):
    os.environ["LLAMA_CPP_LIB_PATH"] = os.path.join(os.environ["LLAMA_CPP"], "bin")
    sys.path.insert(0, os.path.join(os.environ["LLAMA_CPP"], "llama_cpp_python-0.3.36"))
    import llama_cpp as ll

    ll.llama_backend_init()
    params = ll.llama_model_default_params()
    params.vocab_only = True
    vocabulary = ll.llama_model_get_vocab(ll.llama_model_load_from_file(path.encode(), params))
    raw = text.encode()
    ids = (ctypes.c_int32 * (len(raw) + 8))()
    count = ll.llama_tokenize(vocabulary, raw, len(raw), ids, len(ids), False, True)
    return list(ids[:count])


def main():
    engine, path, text_file = sys.argv[1:]
    with open(text_file, newline="") as file:
        text = file.read()
    print(json.dumps({"transformers": transformers_ids, "llama.cpp": llama_ids}[engine](path, text)))


if __name__ == "__main__":
    main()
