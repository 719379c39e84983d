"""Makes reference.gguf and reference.safetensors with the projects' own writers.

pip install gguf==0.19.0 safetensors numpy
usage: python make_golden_files.py ../resources/dev/farspan/formats
"""
import json
import sys
from importlib.metadata import version

import numpy as np
from gguf import GGMLQuantizationType, GGUFValueType, GGUFWriter
from gguf.quants import quantize
from safetensors.numpy import save_file

out = sys.argv[1]
made = f"make_golden_files.py: gguf {version('gguf')}, safetensors {version('safetensors')}, numpy {version('numpy')}"
ramp = (np.arange(64, dtype=np.float32) - 30).reshape(2, 32)

w = GGUFWriter(f"{out}/reference.gguf", "test")
w.add_string("test.made_by", made)
w.add_uint8("test.u8", 200)
w.add_int8("test.i8", -100)
w.add_uint16("test.u16", 60000)
w.add_int16("test.i16", -30000)
w.add_uint32("test.u32", 4000000000)
w.add_int32("test.i32", -2000000000)
w.add_uint64("test.u64", 2**64 - 1)
w.add_int64("test.i64", -2**63)
w.add_float32("test.f32", 0.1)
w.add_float64("test.f64", 0.1)
w.add_bool("test.bool", True)
w.add_string("test.text", "größer 日本 🦙")
w.add_array("test.texts", ["a", "", "ü", "\ufffd"])
w.add_array("test.ints", [1, -2, 3])
w.add_array("test.floats", [0.5, -1.5])
w.add_array("test.bools", [True, False])
w.add_array("test.nested", [[1, 2], [3]])
w.add_tensor("plain", np.arange(6, dtype=np.float32).reshape(2, 3))
w.add_tensor("half", np.array([1.5, -2.0], dtype=np.float16))
w.add_tensor("quantized", quantize(ramp, GGMLQuantizationType.Q8_0), raw_dtype=GGMLQuantizationType.Q8_0)
w.write_header_to_file()
w.write_kv_data_to_file()
w.write_tensors_to_file()
w.close()

tensors = {"f32": np.arange(6, dtype=np.float32).reshape(2, 3), "f64": np.array([0.1]), "f16": np.array([1.5], np.float16),
           "i64": np.array([-5]), "i32": np.array([7], np.int32), "i16": np.array([-9], np.int16), "i8": np.array([-1], np.int8),
           "u8": np.array([255], np.uint8), "bool": np.array([True, False]), "scalar": np.array(2.5, np.float32),
           "empty": np.zeros((0, 4), np.float32)}
save_file(tensors, f"{out}/reference.safetensors", metadata={"made_by": made})
