package dev.farspan.planner.shape;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.ModelConfig;

/// How many elements the matrices of a model have. Norms and biases are left out: they are less
/// than a thousandth of any model of practical size.
///
/// @param layers of all layers together
/// @param used of those, what one token multiplies: all but the experts it does not use
/// @param embedding the table of input embeddings
/// @param head the LM head where it is a matrix of its own; 0 where it is the embedding
public record MatrixCount(long layers, long used, long embedding, long head) {
  /// Counts the matrices of a configuration.
  ///
  /// @param config the model's shape
  /// @return the counts
  public static MatrixCount of(ModelConfig config) {
    AttentionConfig heads = config.attention();
    long hidden = config.hiddenSize();
    long attention = 2 * hidden * heads.querySize() + 2 * hidden * heads.kvSize();
    long all = attention + feedForward(config.feedForward(), hidden, false);
    long used = attention + feedForward(config.feedForward(), hidden, true);
    long embedding = config.vocabSize() * hidden;
    int layers = config.layers().size();
    return new MatrixCount(
        all * layers, used * layers, embedding, config.tiedEmbeddings() ? 0 : embedding);
  }

  private static long feedForward(FeedForward feedForward, long hidden, boolean usedOnly) {
    return switch (feedForward) {
      case FeedForward.Dense dense -> hidden * dense.intermediateSize() * (dense.gated() ? 3 : 2);
      case FeedForward.Experts experts -> {
        long counted = usedOnly ? experts.expertsPerToken() : experts.experts();
        long router = hidden * experts.experts();
        yield 3 * hidden * experts.intermediateSize() * counted + router;
      }
    };
  }

  /// Returns how many elements a file of the model holds.
  ///
  /// @return layers, embedding and head
  public long parameters() {
    return layers + embedding + head;
  }

  /// Returns how many elements one token multiplies, the logits of its position computed.
  ///
  /// @return N of the formulas: the lookup of the embedding multiplies nothing, the LM head does
  public long multiplied() {
    return used + headMatrix();
  }

  /// Returns the elements of the matrix that logits are computed with.
  ///
  /// @return the head, or the embedding where they are one
  public long headMatrix() {
    return head == 0 ? embedding : head;
  }
}
