package dev.farspan.training;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.context.rope.RopeTables;
import dev.farspan.formats.hf.HfConfig;
import dev.farspan.training.data.Corpus;
import dev.farspan.training.data.ExampleSource;
import dev.farspan.training.data.Repeats;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// A model of a few thousand parameters, and what it is trained on in tests.
public final class SmallModel {
  public static final ModelConfig CONFIG =
      HfConfig.read(Path.of("src/test/resources/small/config.json")).model();
  public static final List<RopeTable> TABLES =
      List.of(RopeTables.of(new FrequencyPolicy.None(), CONFIG.mainRope().base(), 64));

  /// Random tokens again and again.
  public static final ExampleSource REPEATS =
      new Repeats(Corpus.of(new Random(1).ints(500, 1, 32).toArray()), 32);

  private SmallModel() {}
}
