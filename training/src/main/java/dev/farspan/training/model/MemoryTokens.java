package dev.farspan.training.model;

import static org.bytedeco.pytorch.global.torch.cat;

import dev.farspan.context.attention.AttentionPattern.SoftPrompt;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.runtime.weights.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/// A model that reads a segment behind the summaries of earlier ones and leaves a summary of it
/// (AutoCompressor, Chevalier et al., arXiv 2305.14788, section 3).
///
/// The sequence is summaries, text, memory tokens; the last hidden states at the memory tokens are
/// the segment's summary. Summaries have no place in the text, as in the paper: all stand at
/// position 0, where the rotary embedding turns nothing, and the text counts from 0. The memory
/// tokens, which the paper gives no position either, go on counting where the text ends: a query at
/// position 0 would see the text at distances below 0, which no rotary model was trained for.
///
/// @param model reads; its parameters hold the embeddings of the memory tokens
/// @param tables the frequency table of each of the model's rotary embeddings
public record MemoryTokens(TorchModel model, List<RopeTable> tables) {
  /// Name of the embeddings (tokens, hidden).
  static final String NAME = Weights.MEMORY_TOKENS;

  private static final double SPREAD = 0.1; // of the first values, in deviations of the embedding

  /// Copies the list.
  public MemoryTokens {
    tables = List.copyOf(tables);
  }

  /// What reading a segment gives.
  ///
  /// @param logits of its text (rows, tokens, vocabulary)
  /// @param summary (rows, memory tokens, hidden); of no memory tokens where none was asked for
  public record Read(Tensor logits, Tensor summary) {}

  /// Adds the embeddings of memory tokens to a model: the mean of all embeddings, where the paper
  /// takes that of the end of a text, which not every model was trained with, and a little noise,
  /// so that no two are the same.
  ///
  /// @param parameters those of the model
  /// @param tokens how many there are to be
  /// @param seed what the noise follows from
  /// @throws IllegalArgumentException if it has another number of them
  public static void add(Parameters parameters, int tokens, long seed) {
    if (parameters.has(NAME)) {
      long there = parameters.get(NAME).size(0);
      if (there != tokens) {
        throw new IllegalArgumentException(
            "the model has %d memory tokens already, not %d: set memory.tokens = %d"
                .formatted(there, tokens, there));
      }
      return;
    }
    Tensor embedding = parameters.get(ParameterNames.EMBEDDING);
    int hidden = Math.toIntExact(embedding.size(1));
    parameters.put(
        NAME, Torch.floats(first(Torch.toFloats(embedding), hidden, tokens, seed), tokens, hidden));
  }

  private static float[] first(float[] embedding, int hidden, int tokens, long seed) {
    double[] mean = new double[hidden];
    double squares = 0;
    for (int i = 0; i < embedding.length; i++) {
      mean[i % hidden] += (double) embedding[i] * hidden / embedding.length;
      squares += (double) embedding[i] * embedding[i];
    }
    double deviation = Math.sqrt(squares / embedding.length);
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[tokens * hidden];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean[i % hidden] + SPREAD * deviation * random.nextGaussian());
    }
    return values;
  }

  /// Reads a segment.
  ///
  /// @param ids token ids (rows, tokens)
  /// @param summaries of earlier segments, oldest first, (rows, any, hidden) each
  /// @param summarise whether to read the memory tokens
  /// @return logits and summary
  public Read read(Tensor ids, List<Tensor> summaries, boolean summarise) {
    long rows = ids.size(0);
    int text = Math.toIntExact(ids.size(1));
    Tensor tokens = model.parameters().get(NAME);
    int after = summarise ? Math.toIntExact(tokens.size(0)) : 0;
    int before = Math.toIntExact(summaries.stream().mapToLong(s -> s.size(1)).sum());
    TensorVector parts = Torch.vector(summaries);
    parts.push_back(model.embedded(ids));
    if (summarise) {
      Tensor own = tokens.to(model.compute()).unsqueeze(0);
      parts.push_back(own.expand(rows, after, tokens.size(1)));
    }
    Tensor states = model.states(cat(parts, 1), tables, positions(before, text + after));
    return new Read(
        model.head(states.narrow(1, before, text)), states.narrow(1, before + text, after));
  }

  /// The engine's own rule ([SoftPrompt#position]).
  private static int[][] positions(int vectors, int others) {
    int[] positions = new int[vectors + others];
    Arrays.setAll(positions, new SoftPrompt(vectors, others)::position);
    return new int[][] {positions};
  }
}
