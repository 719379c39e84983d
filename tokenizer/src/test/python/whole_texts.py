"""Makes whole-texts.json and paragraphs.tsv.gz: how each text is tokenized by an independent implementation.

usage: whole_texts.py MODELS TEXTS tokenizer/src/test/resources/golden
needs: pip install transformers gguf tokenizers sentencepiece protobuf   (no torch)

SmolLM2: the `tokenizers` package, with the tokenizer transformers' own GGUF conversion builds, untouched
(`pre` is `smollm`). That conversion has no rule for `smollm`; SmolLM2's own tokenizer.json cuts every
digit off first (Digits, individual). The entries whose `pre` is `smollm-digits` put that step back.

Gemma 3: the `sentencepiece` package, which the model was trained with, over the file's own pieces,
scores and types. transformers' conversion agrees but for runs of more than 31 spaces: SentencePiece
(and llama.cpp) match the longest user-defined piece first, 31 + 2, where merging gives 16 + 17.
`same_as_tokenizers` says where the two agree on the whole text.

paragraphs.tsv.gz serves other versions of the same texts: every distinct paragraph, encoded on its own.
A text is split at every "\n\n"; a part of more than 500 lines is split again, at every "\n"; empty parts
are left out. A line holds the text's name, the paragraph's hash and the hash of its ids in each reading
(named model/pre in the first line). A hash is the first 8 bytes of the SHA-256, in hex, of the UTF-8 bytes
or of the ids as little-endian 32-bit integers.
"""
import gzip
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


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def packed(ids):
    return struct.pack(f"<{len(ids)}i", *ids)


def paragraphs(text):
    """Every distinct paragraph, in order of appearance."""
    parts = (part for block in text.split("\n\n")
             for part in (block.split("\n") if block.count("\n") >= 500 else [block]))
    return list(dict.fromkeys(part for part in parts if part))


def encoders(models):
    """Each reading's name, its expected encoding and that of the tokenizers package."""
    for model_name, pre in RUNS:
        path = f"{models}/{model_name}"
        by_tokenizers = oracle(path, pre)

        def theirs(text, tokenizer=by_tokenizers):
            return tokenizer.encode(text, add_special_tokens=False).ids

        yield model_name, pre, sentencepiece_oracle(path).encode if model_name == GEMMA3 else theirs, theirs


def main(models, texts, folder):
    whole = []
    columns = {name: None for name in TEXTS}
    for model_name, pre, encode, theirs in encoders(models):
        for name in TEXTS:
            data = open(f"{texts}/{name}", "rb").read()
            text = data.decode("utf-8")
            ids = encode(text)
            whole.append({"model": model_name, "pre": pre, "text": name,
                          "text_sha256": sha256(data), "count": len(ids), "ids_sha256": sha256(packed(ids)),
                          "same_as_tokenizers": ids == theirs(text), "first_ids": ids[:16]})
            parts = paragraphs(text)
            rows = columns[name] = columns[name] or [[name, sha256(p.encode("utf-8"))[:16]] for p in parts]
            for row, part in zip(rows, parts):
                row.append(sha256(packed(encode(part)))[:16])
    with open(f"{folder}/whole-texts.json", "w") as out:
        json.dump({"made_by": "tokenizer/src/test/python/whole_texts.py",
                   "with": f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}, "
                           f"sentencepiece {sentencepiece.__version__}", "texts": whole}, out, indent=1)
        out.write("\n")
    head = ["text", "paragraph"] + [f"{model_name}/{pre}" for model_name, pre in RUNS]
    table = "".join("\t".join(row) + "\n" for row in [head] + [r for rows in columns.values() for r in rows])
    with open(f"{folder}/paragraphs.tsv.gz", "wb") as out:
        out.write(gzip.compress(table.encode("ascii"), mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
