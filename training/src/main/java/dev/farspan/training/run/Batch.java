package dev.farspan.training.run;

import dev.farspan.training.data.Example;
import dev.farspan.training.data.ExampleSource;
import dev.farspan.training.model.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Examples of one length, each at its positions.
final class Batch {
  private final List<Example> examples;
  private final int[][] positions;
  private final List<Integer> segments;

  Batch(List<Example> examples, int[][] positions, List<Integer> segments) {
    this.examples = examples;
    this.positions = positions;
    this.segments = segments;
  }

  /// Returns the examples of a step: a function of the plan's seed and the step alone.
  static Batch of(TrainingPlan plan, ExampleSource source, int step) {
    Stage stage = plan.stage(step);
    List<Example> examples = new ArrayList<>();
    int[][] positions = new int[stage.batch()][];
    // One generator a step: however a run was interrupted, a step draws what it always draws.
    SplittableRandom random = new SplittableRandom(plan.seed() * 0x9E3779B97F4A7C15L + step);
    for (int row = 0; row < stage.batch(); row++) {
      SplittableRandom own = random.split();
      examples.add(source.draw(own, stage.length()));
      positions[row] = plan.positions().draw(own, stage.length());
    }
    List<Integer> segments =
        plan.reading() instanceof Reading.Segments parts
            ? parts.draw(random, stage.length())
            : List.of(stage.length());
    return new Batch(examples, positions, segments);
  }

  /// Returns the rows that one process of several computes.
  Batch share(int rank, int processes) {
    return rows(rank * size() / processes, (rank + 1) * size() / processes);
  }

  /// Returns all rows in at most so many parts.
  List<Batch> parts(int most) {
    int parts = Math.min(most, size());
    return IntStream.range(0, parts).mapToObj(part -> share(part, parts)).toList();
  }

  /// Returns a number that other examples would hardly have.
  int digest() {
    return examples.stream()
        .mapToInt(example -> Arrays.hashCode(example.ids()))
        .reduce(1, (a, b) -> 31 * a + b);
  }

  private Batch rows(int from, int to) {
    return new Batch(examples.subList(from, to), Arrays.copyOfRange(positions, from, to), segments);
  }

  /// Returns the lengths of the parts that every example is read in.
  List<Integer> segments() {
    return segments;
  }

  /// Returns one row of positions for each example.
  int[][] positions() {
    return positions;
  }

  int size() {
    return examples.size();
  }

  int length() {
    return examples.getFirst().length();
  }

  double weight() {
    double sum = 0;
    for (Example example : examples) {
      for (float weight : example.weights()) {
        sum += weight;
      }
    }
    return sum;
  }

  /// (rows, length): what is read.
  Tensor inputs() {
    return ids(0);
  }

  /// (rows, length): what is to be predicted.
  Tensor targets() {
    return ids(1);
  }

  private Tensor ids(int from) {
    long[] ids = new long[size() * length()];
    int at = 0;
    for (Example example : examples) {
      for (int i = 0; i < length(); i++) {
        ids[at++] = example.ids()[from + i];
      }
    }
    return Torch.longs(ids, size(), length());
  }

  /// (rows, length): how much each prediction counts.
  Tensor weights() {
    float[] weights = new float[size() * length()];
    for (int r = 0; r < size(); r++) {
      System.arraycopy(examples.get(r).weights(), 0, weights, r * length(), length());
    }
    return Torch.floats(weights, size(), length());
  }
}
