package dev.farspan.cli;

import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.evaluation.bench.Calibration;
import dev.farspan.planner.shape.ModelShape;
import dev.farspan.planner.time.PrefillTime;
import dev.farspan.planner.time.Sample;
import dev.farspan.planner.time.Work;
import java.util.List;

/// How long readings will take, from short runs under one method: `a T + c P`, T tokens and P pairs
/// of a query and a key it sees. Every position's logits are computed, which the short runs leave
/// out.
///
/// @param shape the model
/// @param perToken a
/// @param perPair c
/// @param seconds what the short runs took
record AdviceCosts(ModelShape shape, double perToken, double perPair, double seconds) {
  static AdviceCosts of(
      ModelShape shape, Method method, List<Calibration.Run> runs, double seconds) {
    List<Sample> samples =
        runs.stream()
            .map(run -> new Sample(run.tokens(), run.readSeconds(), run.writtenSeconds()))
            .toList();
    PrefillTime time = PrefillTime.fit(new Work(shape.config(), method, shape.matrices()), samples);
    double withLogits = (double) shape.matrices().multiplied() / shape.matrices().used();
    return new AdviceCosts(shape, time.perToken() * withLogits, time.perPair(), seconds);
  }

  double predict(MethodSpec spec, int length) {
    Method method = Method.resolve(spec, shape.config(), length);
    Work work = new Work(shape.config(), method, shape.matrices());
    return perToken * length + perPair * work.pairs(0, length);
  }
}
