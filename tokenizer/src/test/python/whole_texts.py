"""Makes whole-texts.json: how the whole of each text is tokenized by an independent implementation.

usage: whole_texts.py MODELS TEXTS > tokenizer/src/test/resources/golden/whole-texts.json
needs: pip install transformers gguf tokenizers sentencepiece protobuf   (no torch)

SmolLM2: the `tokenizers` package, with the tokenizer transformers' own GGUF conversion builds, untouched
(`pre` is `smollm`). That conversion has no rule for `smollm`; SmolLM2's own tokenizer.json cuts every
digit off first (Digits, individual). The entries whose `pre` is `smollm-digits` put that step back.

Gemma 3: the `sentencepiece` package, which the model was trained with, over the file's own pieces,
scores and types. transformers' conversion agrees but for runs of more than 31 spaces: SentencePiece
(and llama.cpp) match the longest user-defined piece first, 31 + 2, where merging gives 16 + 17.
`same_as_tokenizers` says where the two agree on the whole text.
"""
import hashlib
import json
import struct
import sys

import sentencepiece
import tokenizers
import transformers
from gguf import GGUFReader
from sentencepiece import sentencepiece_model_pb2 as model
from tokenizers import pre_tokenizers
from transformers.integrations.gguf.gguf_tokenizer_mapping import convert_gguf_tokenizer

SMOLLM2, GEMMA3 = "smollm2-135m-instruct.q4_1.gguf", "gemma3-270m.q4_k_m.gguf"
RUNS = ((SMOLLM2, "smollm"), (SMOLLM2, "smollm-digits"), (GEMMA3, ""))  # model, pre-tokenizer
TEXTS = ("kvm-api.rst", "kjv.txt", "java-util.txt")
KEYS = {"model": "tokenizer_type", "pre": "pre_tokenizer_type", "tokens": "tokens", "scores": "scores",
        "token_type": "token_type", "merges": "merges", "bos_token_id": "bos_token_id",
        "eos_token_id": "eos_token_id", "add_space_prefix": "add_prefix_space"}


def oracle(path, pre):
    fields = GGUFReader(path).fields
    values = {ours: fields["tokenizer.ggml." + key].contents()
              for key, ours in KEYS.items() if "tokenizer.ggml." + key in fields}
    tokenizer, _ = convert_gguf_tokenizer(fields["general.architecture"].contents(), values)
    if pre == "smollm-digits":
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    return tokenizer


def sentencepiece_oracle(path):
    fields = GGUFReader(path).fields
    pieces, scores, types = (fields["tokenizer.ggml." + k].contents() for k in ("tokens", "scores", "token_type"))
    proto = model.ModelProto()
    for piece, score, kind in zip(pieces, scores, types):
        # GGUF spells user-defined pieces with spaces; SentencePiece with U+2581.
        text = piece.replace(" ", "\u2581") if kind == 4 else piece
        proto.pieces.add(piece=text, score=score, type=kind)
    spec = proto.trainer_spec
    spec.model_type = model.TrainerSpec.BPE
    spec.byte_fallback = True
    spec.vocab_size = len(pieces)
    spec.pad_id, spec.eos_id, spec.bos_id, spec.unk_id = 0, 1, 2, 3
    spec.pad_piece, spec.eos_piece, spec.bos_piece, spec.unk_piece = pieces[:4]
    proto.normalizer_spec.name = "identity"
    proto.normalizer_spec.add_dummy_prefix = False
    proto.normalizer_spec.remove_extra_whitespaces = False
    return sentencepiece.SentencePieceProcessor(model_proto=proto.SerializeToString())


def main(models, texts):
    out = {"made_by": "tokenizer/src/test/python/whole_texts.py",
           "with": f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}, "
                   f"sentencepiece {sentencepiece.__version__}", "texts": []}
    for name_of_model, pre in RUNS:
        path = f"{models}/{name_of_model}"
        by_tokenizers = oracle(path, pre)
        by_sentencepiece = sentencepiece_oracle(path) if name_of_model == GEMMA3 else None
        for name in TEXTS:
            data = open(f"{texts}/{name}", "rb").read()
            text = data.decode("utf-8")
            theirs = by_tokenizers.encode(text, add_special_tokens=False).ids
            ids = by_sentencepiece.encode(text) if by_sentencepiece else theirs
            packed = struct.pack(f"<{len(ids)}i", *ids)
            out["texts"].append({"model": name_of_model, "pre": pre, "text": name,
                                 "text_sha256": hashlib.sha256(data).hexdigest(), "count": len(ids), "ids_sha256": hashlib.sha256(packed).hexdigest(),
                                 "same_as_tokenizers": ids == theirs, "first_ids": ids[:16]})
    json.dump(out, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(*sys.argv[1:])
