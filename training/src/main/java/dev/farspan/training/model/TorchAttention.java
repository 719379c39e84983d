package dev.farspan.training.model;

import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.matmul;
import static org.bytedeco.pytorch.global.torch.ones;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;
import static org.bytedeco.pytorch.global.torch.softmax;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.AttentionConfig.QkNorm;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.TrainedMemory.Landmarks;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Attention of one layer: causal, in a sliding window where the layer has one, else by landmarks
/// where the model has them, or in shifted groups where it is trained so.
final class TorchAttention {
  private final ModelConfig config;
  private final Projections projections;
  private final NormOf norm;
  private final int groups;

  /// Normalises with the gains of a name.
  interface NormOf {
    Tensor apply(String name, Tensor x);
  }

  /// `groups`: of shifted sparse attention; 0 for full attention.
  TorchAttention(ModelConfig config, Projections projections, NormOf norm, int groups) {
    this.config = config;
    this.projections = projections;
    this.norm = norm;
    this.groups = groups;
  }

  /// Returns what a layer's attention adds: (rows, tokens, hidden) to the same shape.
  Tensor run(int index, Tensor x, List<Rotation> rotations) {
    AttentionConfig a = config.attention();
    LayerConfig layer = config.layers().get(index);
    String name = ParameterNames.layer(index) + "self_attn.";
    Tensor q = heads(name + "q", x, a.heads());
    Tensor k = heads(name + "k", x, a.kvHeads());
    Tensor v = split(projections.apply(name + "v_proj", x), a.kvHeads());
    if (layer.rope() != LayerConfig.NO_ROPE) {
      q = rotations.get(layer.rope()).apply(q);
      k = rotations.get(layer.rope()).apply(k);
    }
    Tensor out = mix(q, k, v, layer.window());
    long rows = x.size(0);
    long tokens = x.size(1);
    Tensor joined = out.transpose(1, 2).contiguous().view(rows, tokens, a.querySize());
    return projections.apply(name + "o_proj", joined);
  }

  private Tensor heads(String name, Tensor x, int heads) {
    Tensor projected = projections.apply(name + "_proj", x);
    return switch (config.attention().qkNorm()) {
      case QkNorm.NONE -> split(projected, heads);
      case QkNorm.PER_HEAD -> norm.apply(name + "_norm", split(projected, heads));
      case QkNorm.ALL_HEADS -> split(norm.apply(name + "_norm", projected), heads);
    };
  }

  /// (rows, tokens, heads * headDim) to (rows, heads, tokens, headDim).
  private Tensor split(Tensor x, int heads) {
    return x.view(x.size(0), x.size(1), heads, config.attention().headDim()).transpose(1, 2);
  }

  private Tensor mix(Tensor q, Tensor k, Tensor v, int window) {
    AttentionConfig a = config.attention();
    long tokens = q.size(2);
    boolean windowed = window != LayerConfig.FULL && window < tokens;
    if (window == LayerConfig.FULL && config.memory() instanceof Landmarks landmarks) {
      return new GroupedAttention(landmarks.block(), a.scale(), a.softCap())
          .mix(q, grouped(k), grouped(v));
    }
    if (window == LayerConfig.FULL && groups > 0) {
      return new ShiftedAttention(groups, a.scale()).mix(q, grouped(k), grouped(v));
    }
    if (a.softCap() > 0) {
      return softCapped(q, k, v, visible(tokens, windowed ? window : tokens));
    }
    return scaled_dot_product_attention(
        q,
        k,
        v,
        windowed ? new TensorOptional(visible(tokens, window)) : new TensorOptional(),
        0.0,
        !windowed,
        new DoubleOptional(a.scale()),
        a.groupSize() > 1);
  }

  private Tensor softCapped(Tensor q, Tensor k, Tensor v, Tensor visible) {
    AttentionConfig a = config.attention();
    Tensor keys = grouped(k);
    Tensor scores = matmul(q.mul(new Scalar(a.scale())), keys.transpose(2, 3));
    Tensor capped = TorchModel.softCapped(scores, a.softCap());
    Tensor hidden = capped.masked_fill(visible.logical_not(), new Scalar(Double.NEGATIVE_INFINITY));
    return matmul(softmax(hidden, -1), grouped(v));
  }

  private Tensor grouped(Tensor kv) {
    int group = config.attention().groupSize();
    return group == 1 ? kv : kv.repeat_interleave(group, new LongOptional(1), new LongOptional());
  }

  /// Fills (rows, heads, any, headDim) up to a number of tokens, with some that no other sees,
  /// since they come after all.
  static Tensor filled(Tensor x, long tokens) {
    return constant_pad_nd(x, new long[] {0, 0, 0, tokens - x.size(2)}, new Scalar(0));
  }

  /// (tokens, tokens): whether query i sees key j, `0 <= i - j < window`.
  private static Tensor visible(long tokens, long window) {
    Tensor all = ones(new long[] {tokens, tokens}, new TensorOptions(ScalarType.Bool));
    return all.tril(0).logical_and(all.triu(1 - window));
  }
}
