package dev.farspan.export;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.Multipliers;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.FrequencySchedule;
import dev.farspan.context.rope.RopeTable;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/// What files are meant to say, to be compared with what is read back from them: an export that
/// another engine would compute differently is none.
///
/// @param model the model
/// @param context what the files say about positions
record Intended(ModelConfig model, CarriedContext context) {
  /// GGUF keeps 32 bits of a number: one rounding of a factor, and one of a table made from it.
  private static final double ROUNDING = 2 * Math.ulp(1f);

  void require(ModelConfig read) {
    same("vocabulary", read, ModelConfig::vocabSize);
    same("width", read, ModelConfig::hiddenSize);
    same("heads", read, m -> heads(m.attention()));
    same("scale of the scores", read, m -> (float) m.attention().scale());
    same("cap on the scores", read, m -> (float) m.attention().softCap());
    same("feed-forward block", read, ModelConfig::feedForward);
    same("normalisations", read, m -> List.of(m.norm().kind(), m.norm().placement()));
    same("epsilon", read, m -> (float) m.norm().epsilon());
    same("multipliers", read, m -> multipliers(m.multipliers()));
    same("sliding windows or rotated layers", read, ModelConfig::layers);
    same("tied embeddings", read, ModelConfig::tiedEmbeddings);
    for (int i = 0; i < context.policies().size(); i++) {
      requireTables(model.ropes().get(i), context.policies().get(i), read.ropes().get(i));
    }
  }

  private static List<Object> heads(AttentionConfig attention) {
    return List.of(
        attention.heads(),
        attention.kvHeads(),
        attention.headDim(),
        attention.qkNorm(),
        attention.sinks());
  }

  private static List<Float> multipliers(Multipliers multipliers) {
    return List.of(
        (float) multipliers.embedding(),
        (float) multipliers.residual(),
        (float) (1 / multipliers.logits()),
        (float) multipliers.logitSoftCap());
  }

  private void same(String what, ModelConfig read, Function<ModelConfig, Object> part) {
    Object written = part.apply(model);
    Object found = part.apply(read);
    if (!Objects.equals(written, found)) {
      throw new IllegalArgumentException(
          "the format can't express the %s of this %s model: it is %s but would be read as %s"
              .formatted(what, model.family(), written, found));
    }
  }

  /// The tables of a short text, of the longest one, and of one on either side of L.
  private void requireTables(RopeConfig rope, FrequencyPolicy policy, RopeConfig read) {
    int trained = rope.base().trainedLength();
    for (int length : new int[] {1, trained, trained + 1, context.length()}) {
      RopeTable wanted =
          FrequencySchedule.of(policy, rope.base(), length).table(Math.max(0, length - 1));
      RopeTable found =
          FrequencySchedule.of(read.scaling(), read.base(), length).table(Math.max(0, length - 1));
      if (!agree(wanted, found)) {
        throw new IllegalArgumentException(
            "the format can't express this method for a %s model: a text of %d tokens would be read with other frequencies"
                .formatted(model.family(), length));
      }
    }
  }

  private static boolean agree(RopeTable wanted, RopeTable found) {
    boolean same =
        wanted.pairs() == found.pairs() && near(wanted.attentionFactor(), found.attentionFactor());
    for (int pair = 0; same && pair < wanted.pairs(); pair++) {
      same = near(wanted.inverseFrequency(pair), found.inverseFrequency(pair));
    }
    return same;
  }

  private static boolean near(double wanted, double found) {
    return Math.abs(wanted - found) <= ROUNDING * Math.abs(wanted);
  }
}
