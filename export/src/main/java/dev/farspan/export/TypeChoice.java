package dev.farspan.export;

import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;
import java.util.Optional;
import java.util.Set;

/// How each tensor is stored.
sealed interface TypeChoice {
  /// Returns the type of a tensor of the files.
  ///
  /// @param tensor the tensor of the model
  /// @param name what it is called in the files
  DType of(Tensor tensor, String name);

  /// Hugging Face: floats only.
  ///
  /// @param asked type of all tensors; empty for as they are
  record HuggingFace(Optional<DType> asked) implements TypeChoice {
    private static final Set<DType> FLOATS = Set.of(DType.F32, DType.F16, DType.BF16);

    public HuggingFace {
      asked.ifPresent(
          type -> {
            if (!FLOATS.contains(type)) {
              throw new IllegalArgumentException(
                  "a Hugging Face directory has no blocks of %s as GGUF has: take f32, f16 or bf16, or --format gguf"
                      .formatted(type));
            }
          });
    }

    @Override
    public DType of(Tensor tensor, String name) {
      boolean isWhole = !FLOATS.contains(tensor.dtype()) && !tensor.dtype().isQuantized();
      if (asked.isPresent() && !isWhole) {
        return asked.get();
      }
      // 11 bits of mantissa lose less than any of the quantised types has lost.
      return tensor.dtype().isQuantized() ? DType.F16 : tensor.dtype();
    }
  }

  /// GGUF: vectors stay floats of 32 bits, as llama.cpp wants them.
  ///
  /// @param asked type of the matrices; empty for as they are
  /// @param tied whether the embedding is the output too
  record Gguf(Optional<DType> asked, boolean tied) implements TypeChoice {
    private static final Set<DType> ASKED =
        Set.of(DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0, DType.Q4_1);

    public Gguf {
      asked.ifPresent(
          type -> {
            if (!ASKED.contains(type)) {
              throw new IllegalArgumentException(
                  type + " is not written: take f32, f16, bf16, q8_0, q4_0 or q4_1");
            }
          });
    }

    @Override
    public DType of(Tensor tensor, String name) {
      if (tensor.shape().rank() < 2 || name.contains("ffn_gate_inp")) {
        return DType.F32;
      }
      DType type = asked.orElse(tensor.dtype() == DType.F64 ? DType.F32 : tensor.dtype());
      if (type.isQuantized() && tensor.cols() % type.blockSize() != 0) {
        return DType.F16; // as llama.cpp's quantiser does
      }
      return isOutput(name) && asked.isPresent() ? atLeastEightBits(type) : type;
    }

    private boolean isOutput(String name) {
      return name.equals("output.weight") || (tied && name.equals("token_embd.weight"));
    }

    /// llama.cpp gives the output 6 bits where the rest gets 4 (`llama-quant.cpp`); 8 are the next
    /// that are written here.
    private static DType atLeastEightBits(DType type) {
      return type == DType.Q4_0 || type == DType.Q4_1 ? DType.Q8_0 : type;
    }
  }
}
