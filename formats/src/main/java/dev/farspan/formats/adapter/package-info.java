/// Low-rank adapters as Hugging Face's PEFT keeps them: read, checked, and merged into the weights
/// of their base model.
///
/// In: a directory with `adapter_config.json` and `adapter_model.safetensors`, and the base's
/// tensors. Out: the tensors of the adapted model. Not here: where the base is (`checkpoint`), and
/// how adapters are trained (`training`).
///
/// Source of the format: PEFT 0.21, `tuners/lora/config.py`, `utils/save_and_load.py`.
package dev.farspan.formats.adapter;
