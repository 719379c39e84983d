package dev.farspan.training.model;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.matmul;
import static org.bytedeco.pytorch.global.torch.ones;
import static org.bytedeco.pytorch.global.torch.softmax;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Causal attention with the grouped softmax of landmark attention
/// ([dev.farspan.context.attention.GroupedSoftmax]), from operations that libtorch differentiates.
///
/// Only the softmax inside other blocks is as large as a square of the tokens; a query's own group
/// is one block and one landmark for each other.
///
/// @param block tokens of a block, its landmark not counted
/// @param scale of the scores
/// @param softCap bound of the scores, 0 for none
record GroupedAttention(int block, double scale, double softCap) {
  /// Returns the mixed values of every query.
  ///
  /// @param q rotated queries (rows, heads, tokens, headDim)
  /// @param k rotated keys, the same shape
  /// @param v values, the same shape
  /// @return the same shape
  Tensor mix(Tensor q, Tensor k, Tensor v) {
    long tokens = q.size(2);
    long width = block + 1L;
    long blocks = Math.ceilDiv(tokens, width);
    Tensor queries =
        TorchAttention.filled(q.mul(new Scalar(scale)), blocks * width); // the last block made full
    Tensor keys = blocked(TorchAttention.filled(k, blocks * width), blocks);
    Tensor values = blocked(TorchAttention.filled(v, blocks * width), blocks);

    Tensor own = matmul(blocked(queries, blocks), keys.transpose(3, 4));
    Tensor marks = matmul(queries, keys.select(3, block).transpose(2, 3));
    Tensor group =
        cat(new TensorVector(capped(own), blocked(capped(marks), blocks)), 4)
            .masked_fill(
                visible(blocks, width).logical_not(), new Scalar(Double.NEGATIVE_INFINITY));
    Tensor first = softmax(group, -1); // (rows, heads, blocks, width, width + blocks)

    Tensor near = matmul(first.narrow(4, 0, width), values);
    Tensor entered = first.narrow(4, width, blocks);
    Tensor text = textOf(keys).transpose(2, 3);
    Tensor inside = softmax(splitTexts(capped(matmul(queries, text)), blocks), -1);
    Tensor far = inside.mul(joined(entered).unsqueeze(4)).flatten(3, 4);
    return joined(near).add(matmul(far, textOf(values))).narrow(2, 0, tokens);
  }

  private Tensor capped(Tensor scores) {
    return TorchModel.softCapped(scores, softCap);
  }

  /// (rows, heads, blocks * width, n) to (rows, heads, blocks, width, n).
  private Tensor blocked(Tensor x, long blocks) {
    return x.view(x.size(0), x.size(1), blocks, block + 1L, x.size(3));
  }

  /// The inverse of [#blocked].
  private static Tensor joined(Tensor x) {
    return x.flatten(2, 3);
  }

  /// (rows, heads, blocks, width, headDim) to (rows, heads, blocks * block, headDim): no landmarks.
  private Tensor textOf(Tensor x) {
    return x.narrow(3, 0, block).flatten(2, 3);
  }

  /// (rows, heads, queries, blocks * block) to (rows, heads, queries, blocks, block).
  private Tensor splitTexts(Tensor x, long blocks) {
    return x.view(x.size(0), x.size(1), x.size(2), blocks, block);
  }

  /// (blocks, width, width + blocks): a query sees its own block up to itself, and the landmarks of
  /// the blocks before it.
  private static Tensor visible(long blocks, long width) {
    TensorOptions flags = new TensorOptions(ScalarType.Bool);
    Tensor near = ones(new long[] {width, width}, flags).tril(0);
    Tensor far = ones(new long[] {blocks, blocks}, flags).tril(-1);
    return cat(
        new TensorVector(
            near.unsqueeze(0).expand(blocks, width, width),
            far.unsqueeze(1).expand(blocks, width, blocks)),
        2);
  }
}
