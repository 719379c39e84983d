package dev.farspan.training.model;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/// Shifted sparse attention, a cheap stand-in for full attention while a model is trained
/// (LongLoRA, arXiv 2309.12307, section 3.2): tokens in groups see their own group alone, and for
/// half of the heads the groups lie half a group further on, so that neighbours exchange what they
/// know.
///
/// The first and the last half group of the shifted heads are groups of their own. Rolled around
/// instead, as the paper's figure has it, the first tokens would join the last ones and see the
/// future.
///
/// @param groups groups of a sequence; the paper's is 4
/// @param scale of the scores
record ShiftedAttention(int groups, double scale) {
  /// Returns the mixed values of every query.
  ///
  /// @param q rotated queries (rows, heads, tokens, headDim)
  /// @param k rotated keys, the same shape
  /// @param v values, the same shape
  /// @return the same shape
  Tensor mix(Tensor q, Tensor k, Tensor v) {
    long tokens = q.size(2);
    long half = Math.ceilDiv(tokens, 2L * groups);
    long whole = 2 * half * groups;
    long straight = Math.ceilDiv(q.size(1), 2);
    long shifted = q.size(1) - straight;
    Qkv all =
        new Qkv(
            TorchAttention.filled(q, whole),
            TorchAttention.filled(k, whole),
            TorchAttention.filled(v, whole));
    Tensor out = all.narrow(1, 0, straight).within(2 * half);
    if (shifted > 0) {
      Qkv moved = all.narrow(1, straight, shifted);
      TensorVector parts =
          new TensorVector(
              moved.narrow(2, 0, half).within(half),
              moved.narrow(2, half, whole - 2 * half).within(2 * half),
              moved.narrow(2, whole - half, half).within(half));
      out = cat(new TensorVector(out, cat(parts, 2)), 1);
    }
    return out.narrow(2, 0, tokens);
  }

  /// Queries, keys and values of the same tokens: (rows, heads, tokens, headDim) each.
  private final class Qkv {
    private final Tensor q;
    private final Tensor k;
    private final Tensor v;

    private Qkv(Tensor q, Tensor k, Tensor v) {
      this.q = q;
      this.k = k;
      this.v = v;
    }

    private Qkv narrow(long dim, long from, long count) {
      return new Qkv(
          q.narrow(dim, from, count), k.narrow(dim, from, count), v.narrow(dim, from, count));
    }

    /// Causal attention inside groups of a size that divides the tokens.
    private Tensor within(long size) {
      return scaled_dot_product_attention(
              split(q, size),
              split(k, size),
              split(v, size),
              new TensorOptional(),
              0.0,
              true,
              new DoubleOptional(scale),
              false)
          .view(q.size(0), q.size(1), q.size(2), q.size(3));
    }

    /// (rows, heads, tokens, headDim) to (rows, heads * tokens / size, size, headDim).
    private static Tensor split(Tensor x, long size) {
      return x.contiguous().view(x.size(0), x.size(1) * x.size(2) / size, size, x.size(3));
    }
  }
}
