package dev.farspan.training.data;

import dev.farspan.context.model.TrainedMemory.Landmarks;
import java.util.random.RandomGenerator;

/// Examples of another source with a landmark after every block of their tokens (Mohtashami and
/// Jaggi, arXiv 2305.16300, section 3.1).
///
/// A landmark is never to be predicted: the prediction before it has no weight, and the one at it
/// is that of the token after it.
///
/// @param text where the tokens come from
/// @param landmarks what stands between them
public record LandmarkExamples(ExampleSource text, Landmarks landmarks) implements ExampleSource {
  /// Returns an example.
  ///
  /// @param random decides everything that is left to chance
  /// @param length predictions it is to have, those before landmarks included
  /// @return an example of exactly that length
  /// @throws IllegalArgumentException if the source cannot make one so short or so long
  @Override
  public Example draw(RandomGenerator random, int length) {
    Example plain = text.draw(random, landmarks.text(length + 1) - 1);
    int[] ids = new int[length + 1];
    float[] weights = new float[length];
    int next = 0;
    for (int at = 0; at <= length; at++) {
      if (at % (landmarks.block() + 1) == landmarks.block()) {
        ids[at] = landmarks.token();
      } else {
        if (at > 0) {
          weights[at - 1] = plain.weights()[next - 1];
        }
        ids[at] = plain.ids()[next++];
      }
    }
    return new Example(ids, weights);
  }
}
