"""Compares the quantised tensors of a GGUF file, byte for byte, with what ggml makes of the exact ones.

  python3 blocks.py EXACT_F32.gguf QUANTISED.gguf

ggml is the shared library of $LLAMA_CPP; ggml_quantize_chunk is what llama-quantize calls. Prints how many bytes were compared, and fails
at the first tensor that differs.
"""
import ctypes
import os
import sys

import numpy as np
from gguf import GGUFReader
from gguf.constants import GGML_QUANT_SIZES


def ggml():
    library = ctypes.CDLL(os.path.join(os.environ["LLAMA_CPP"], "bin", "libggml-base.so"))
    library.ggml_quantize_chunk.restype = ctypes.c_size_t
    library.ggml_quantize_chunk.argtypes = [
        ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p]
    return library


def main():
    exact_path, quantised_path = sys.argv[1:]
    library = ggml()
    exact = {tensor.name: tensor for tensor in GGUFReader(exact_path).tensors}
    compared = {}
    for tensor in GGUFReader(quantised_path).tensors:
        values = np.ascontiguousarray(exact[tensor.name].data, dtype=np.float32)
        if tensor.tensor_type == 0:  # F32
            continue
        block, size = GGML_QUANT_SIZES[tensor.tensor_type]
        rows, columns = values.shape
        wanted = np.empty(rows * columns // block * size, dtype=np.uint8)
        library.ggml_quantize_chunk(
            int(tensor.tensor_type), values.ctypes.data, wanted.ctypes.data, 0, rows, columns, None)
        written = np.ascontiguousarray(tensor.data).view(np.uint8).reshape(-1)
        if not np.array_equal(wanted, written):
            raise SystemExit("%s differs in %d of %d bytes" % (tensor.name, (wanted != written).sum(), wanted.size))
        name = tensor.tensor_type.name
        compared[name] = compared.get(name, 0) + wanted.size
    print(" ".join("%s: %d bytes equal" % item for item in sorted(compared.items())))


if __name__ == "__main__":
    main()
