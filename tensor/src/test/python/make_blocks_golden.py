"""Makes src/test/resources/dev/farspan/tensor/blocks.golden with the gguf package (pip install gguf==0.19.0 numpy).

usage: python make_blocks_golden.py > ../resources/dev/farspan/tensor/blocks.golden
"""
from importlib.metadata import version

import numpy as np
from gguf import GGMLQuantizationType as T
from gguf.quants import dequantize, quantize

# type -> byte offsets of the F16 scales inside a block, which must be finite numbers
HALVES = {T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q2_K: [80, 82], T.Q3_K: [108],
          T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208]}
BYTES = {T.Q4_0: 18, T.Q4_1: 20, T.Q5_0: 22, T.Q5_1: 24, T.Q8_0: 34, T.Q2_K: 84, T.Q3_K: 110, T.Q4_K: 144, T.Q5_K: 176,
         T.Q6_K: 210}
rng = np.random.default_rng(20260314)
print(f"# made by src/test/python/make_blocks_golden.py: gguf {version('gguf')}, numpy {version('numpy')}, seed 20260314")
print("# decode TYPE BLOCKS(hex) FLOATS(hex of little-endian binary32), encode TYPE FLOATS BLOCKS")
for kind, halves in HALVES.items():
    blocks = 4 if BYTES[kind] < 50 else 2
    raw = rng.integers(0, 256, (blocks, BYTES[kind]), dtype=np.uint8)
    for at in halves:
        raw[:, at:at + 2] = rng.normal(0, 0.05, blocks).astype(np.float16).view(np.uint8).reshape(blocks, 2)
    values = dequantize(raw, kind).astype("<f4")
    print("decode", kind.name, raw.tobytes().hex(), values.tobytes().hex())
for kind in (T.BF16,):
    raw = rng.normal(0, 3, 64).astype("<f4").view("<u2")[1::2].copy()
    values = (raw.astype("<u4") << 16).view("<f4")
    print("decode", kind.name, raw.tobytes().hex(), values.tobytes().hex())
raw = np.concatenate([rng.normal(0, 3, 28).astype("<f2"), np.array([0, -0.0, 65504, 6e-8], "<f2")])
print("decode", "F16", raw.tobytes().hex(), raw.astype("<f4").tobytes().hex())
for kind in (T.BF16, T.Q8_0, T.Q4_0, T.Q4_1):
    values = rng.normal(0, 1, 128).astype("<f4")
    values[32:64] = 0                      # a block of zeros
    values[64:96] = np.arange(32) - 16     # values that fall on halves
    print("encode", kind.name, values.tobytes().hex(), quantize(values, kind).tobytes().hex())
values = np.concatenate([rng.normal(0, 100, 60), [0, -0.0, 65519, 6e-8]]).astype("<f4")
print("encode", "F16", values.tobytes().hex(), values.astype("<f2").tobytes().hex())
