package dev.farspan.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.farspan.kernels.Kernels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LossSinkTest {
  private static final int VOCAB = 1000;
  private static final int TOKENS = 50;

  private final Random random = new Random(4);
  private final int[] tokens = random.ints(TOKENS, 0, VOCAB).toArray();
  private final float[][] logits = new float[TOKENS][VOCAB + 6];

  LossSinkTest() {
    for (float[] row : logits) {
      for (int v = 0; v < row.length; v++) {
        row[v] = (float) random.nextGaussian() * 6 + 300;
      }
    }
  }

  private LossSink sink(Integer... ends) {
    return new LossSink(tokens, new Bands(List.of(ends)), VOCAB, Kernels.best());
  }

  private LossCurve feed(LossSink sink) {
    for (int p = 0; p < TOKENS; p++) {
      if (sink.wants(p)) {
        sink.accept(p, logits[p], 3);
      }
    }
    return sink.curve("none");
  }

  /// The definition, in double throughout.
  private double naive(int from, int to) {
    double nats = 0;
    for (int p = from; p < to; p++) {
      double sum = 0;
      for (int v = 0; v < VOCAB; v++) {
        sum += Math.exp(logits[p][3 + v]);
      }
      nats -= Math.log(Math.exp(logits[p][3 + tokens[p + 1]]) / sum);
    }
    return nats / (to - from);
  }

  @Test
  void eachBandIsTheMeanOfItsPredictions() {
    LossCurve curve = feed(sink(7, 20, 64));
    assertThat(curve.method()).isEqualTo("none");
    assertThat(curve.bands()).hasSize(3);
    assertBand(curve.bands().get(0), 0, 7, 7);
    assertBand(curve.bands().get(1), 7, 20, 13);
    assertBand(curve.bands().get(2), 20, 50, 29);
  }

  private void assertBand(LossCurve.Band band, int from, int to, int count) {
    assertThat(band.from()).isEqualTo(from);
    assertThat(band.to()).isEqualTo(to);
    assertThat(band.tokens()).isEqualTo(count);
    // the kernel rounds x - max to float: 2^-24 of at most 50
    assertThat(band.loss()).isCloseTo(naive(from, from + count), within(5e-6));
  }

  @Test
  void theMeanCoversAllPredictionsWhateverTheBands() {
    assertThat(feed(sink(10)).mean()).isCloseTo(naive(0, TOKENS - 1), within(5e-6));
    assertThat(feed(sink(10)).bands()).hasSize(1);
  }

  @Test
  void theLastPositionHasNoTarget() {
    assertThat(sink(64).wants(TOKENS - 2)).isTrue();
    assertThat(sink(64).wants(TOKENS - 1)).isFalse();
  }

  @Test
  void aTextThatWasNotReadToItsEndHasNoCurve() {
    LossSink sink = sink(64);
    sink.accept(0, logits[0], 3);
    assertThatIllegalStateException()
        .isThrownBy(() -> sink.curve("none"))
        .withMessage("only 1 of 49 predictions have been measured");
  }

  @Test
  void aPositionThatComesTwiceIsRefused() {
    LossSink sink = sink(64);
    sink.accept(0, logits[0], 3);
    assertThatIllegalStateException().isThrownBy(() -> sink.accept(0, logits[0], 3));
  }

  @Test
  void aTargetThatIsImpossibleIsRefusedInsteadOfAveragedAway() {
    logits[0][3 + tokens[1]] = Float.NEGATIVE_INFINITY;
    LossSink sink = sink(64);
    assertThatIllegalStateException()
        .isThrownBy(() -> sink.accept(0, logits[0], 3))
        .withMessage("the loss at position 0 is Infinity");
  }

  @Test
  void textsThatCannotBePredictedAreRefused() {
    Bands bands = Bands.doubling(4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LossSink(new int[] {1}, bands, VOCAB, Kernels.best()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LossSink(new int[] {1, VOCAB}, bands, VOCAB, Kernels.best()))
        .withMessage("token id 1000 is not in the vocabulary of 1000");
  }
}
