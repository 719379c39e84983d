package dev.farspan.context.model;

import java.util.ArrayList;
import java.util.List;

/// The shape of one decoder-only transformer and everything its families differ in.
///
/// @param family architecture name as the file gives it, such as `llama` or `gemma3_text`
/// @param vocabSize rows of the embedding
/// @param hiddenSize elements of the residual stream
/// @param maxLength positions the file claims (`max_position_embeddings`), its own scaling included
/// @param attention heads and what happens to scores
/// @param feedForward the feed-forward block
/// @param norm kind and places of the normalisations
/// @param multipliers constant factors and the cap on the logits
/// @param ropes the rotary embeddings in use, usually one
/// @param layers one entry per layer
/// @param tiedEmbeddings whether the LM head is the embedding
/// @param memory what it was trained to read far text by
public record ModelConfig(
    String family,
    int vocabSize,
    int hiddenSize,
    int maxLength,
    AttentionConfig attention,
    FeedForward feedForward,
    NormConfig norm,
    Multipliers multipliers,
    List<RopeConfig> ropes,
    List<LayerConfig> layers,
    boolean tiedEmbeddings,
    TrainedMemory memory) {

  /// Checks the counts and that every layer names a rotary embedding that exists.
  ///
  /// @throws IllegalArgumentException if a count is not positive, or a layer's rope or the landmark
  ///   does not exist
  public ModelConfig {
    ropes = List.copyOf(ropes);
    layers = List.copyOf(layers);
    requirePositive("vocab_size", vocabSize);
    requirePositive("hidden_size", hiddenSize);
    requirePositive("max_position_embeddings", maxLength);
    requirePositive("num_hidden_layers", layers.size());
    if (memory instanceof TrainedMemory.Landmarks landmarks && landmarks.token() >= vocabSize) {
      throw new IllegalArgumentException(
          "the landmark is token " + landmarks.token() + ", but vocab_size is " + vocabSize);
    }
    for (LayerConfig layer : layers) {
      if (layer.rope() >= ropes.size()) {
        throw new IllegalArgumentException(
            "a layer uses rotary embedding " + layer.rope() + " of " + ropes.size());
      }
    }
  }

  /// Returns the rotary embedding that context methods change: that of the layers that see
  /// farthest.
  ///
  /// @return the rope of the first layer with full attention, or the first rope if there is none
  public RopeConfig mainRope() {
    return ropes.get(mainRopeIndex());
  }

  /// Returns the index of [#mainRope] in [#ropes].
  ///
  /// @return the index
  public int mainRopeIndex() {
    return layers.stream()
        .filter(layer -> layer.window() == LayerConfig.FULL && layer.rope() != LayerConfig.NO_ROPE)
        .mapToInt(LayerConfig::rope)
        .findFirst()
        .orElse(0);
  }

  /// Returns the length the model was trained for before any scaling (L).
  ///
  /// @return positions
  public int trainedLength() {
    return mainRope().base().trainedLength();
  }

  /// Returns whether at least one layer sees every earlier key.
  ///
  /// @return whether a layer has no sliding window of its own
  public boolean hasFullAttention() {
    return layers.stream().anyMatch(layer -> layer.window() == LayerConfig.FULL);
  }

  /// Returns how many token ids a text may have.
  ///
  /// @return rows of the embedding, less that of a landmark
  public int textVocabSize() {
    return memory instanceof TrainedMemory.Landmarks landmarks ? landmarks.token() : vocabSize;
  }

  /// Returns the model that this one becomes by training it with landmarks.
  ///
  /// @param landmarks what they are
  /// @return the same shape, with a row of the embedding for the landmark
  public ModelConfig with(TrainedMemory.Landmarks landmarks) {
    return changed(
        Math.max(vocabSize, landmarks.token() + 1), maxLength, ropes, tiedEmbeddings, landmarks);
  }

  /// Returns the model with a head of its own.
  ///
  /// @return the same shape, head and embedding apart
  public ModelConfig untied() {
    return changed(vocabSize, maxLength, ropes, false, memory);
  }

  /// Returns the model with rotary embeddings scaled as those of another are.
  ///
  /// @param other a model of the same shape
  /// @return this shape, with the other's scaling and length
  /// @throws IllegalArgumentException if the other has other sizes, layers or rotary embeddings
  public ModelConfig scaledAs(ModelConfig other) {
    boolean same =
        vocabSize == other.vocabSize
            && hiddenSize == other.hiddenSize
            && layers.size() == other.layers.size()
            && attention.heads() == other.attention.heads()
            && attention.kvHeads() == other.attention.kvHeads()
            && ropes.size() == other.ropes.size();
    List<RopeConfig> scaled = new ArrayList<>();
    for (int i = 0; same && i < ropes.size(); i++) {
      RopeConfig own = ropes.get(i);
      RopeConfig theirs = other.ropes.get(i);
      same =
          own.base().rotaryDim() == theirs.base().rotaryDim()
              && (float) own.base().theta() == (float) theirs.base().theta();
      scaled.add(new RopeConfig(own.name(), theirs.base(), theirs.scaling(), own.pairing()));
    }
    if (!same) {
      throw new IllegalArgumentException(
          "a %s model of %d layers and %d elements is scaled by a model of another shape or base"
              .formatted(family, layers.size(), hiddenSize));
    }
    return changed(vocabSize, other.maxLength, scaled, tiedEmbeddings, memory);
  }

  private ModelConfig changed(
      int vocabulary,
      int length,
      List<RopeConfig> rotary,
      boolean tied,
      TrainedMemory trainedMemory) {
    return new ModelConfig(
        family,
        vocabulary,
        hiddenSize,
        length,
        attention,
        feedForward,
        norm,
        multipliers,
        rotary,
        layers,
        tied,
        trainedMemory);
  }

  static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }
}
