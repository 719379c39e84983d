package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.evaluation.bench.Calibration;
import dev.farspan.evaluation.bench.ResidentSet;
import dev.farspan.planner.memory.MemoryPlan;
import dev.farspan.planner.memory.Reading;
import dev.farspan.planner.time.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The times of a plan, and what a run of it took.
final class PlanTimesText {
  private final PlanReport report;
  private final PlanTimes times;
  private final StringBuilder text = new StringBuilder();

  PlanTimesText(PlanReport report, PlanTimes times) {
    this.report = report;
    this.times = times;
  }

  String text() {
    Reading reading = report.request().reading();
    double read = times.prefill().seconds(reading.prompt());
    double written = times.decode().seconds(reading.prompt(), reading.tokens());
    text.append("\nTIME, from three short runs");
    for (Sample sample : times.samples()) {
      text.append(
          "%s %,d tokens in %.2f s"
              .formatted(
                  sample.equals(times.samples().getFirst()) ? ":" : ",",
                  sample.tokens(),
                  sample.readSeconds()));
    }
    text.append(
        ("%nread     %s tokens in %s (%.0f tokens/s): a T + c P, a = %.3g s a token, c = %.3g s"
                + " for each of P pairs of a query and a key%n")
            .formatted(
                Amounts.count(reading.prompt()),
                time(read),
                reading.prompt() / Math.max(read, 1e-9),
                times.prefill().perToken(),
                times.prefill().perPair()));
    if (reading.written() > 0) {
      text.append(
          ("write    %s tokens in %s (%.1f tokens/s): %.3g s a token and %.3g s for each key it"
                  + " sees in a layer%n")
              .formatted(
                  Amounts.count(reading.written()),
                  time(written),
                  reading.written() / Math.max(written, 1e-9),
                  times.decode().perToken(),
                  times.decode().perKey()));
    }
    times.measured().ifPresent(whole -> measured(whole, read, written));
    return text.toString();
  }

  private void measured(Calibration.Whole whole, double read, double written) {
    MemoryPlan plan = report.plan();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("MEASURED", "PREDICTED", "MEASURED", "ERROR"));
    rows.add(seconds("read", read, whole.readSeconds()));
    if (report.request().reading().written() > 0) {
      rows.add(seconds("write", written, whole.writtenSeconds()));
    }
    rows.add(bytes("KV cache", plan.caches(), whole.cacheBytes()));
    whole.resident().ifPresent(set -> rows.add(bytes("resident set", plan.total(), set.total())));
    text.append("\n").append(Columns.align(rows));
    text.append(
        whole
            .resident()
            .map(PlanTimesText::counts)
            .orElse(
                "this system does not tell a process's resident set: memory is not compared\n"));
  }

  private static String counts(ResidentSet set) {
    return ("resident set: VmRSS of /proc/self/status while the session is open: %s anonymous (cache,"
            + " touched heap, the JVM's data)%nand %s mapped (weights, libraries)%n")
        .formatted(Amounts.bytes(set.anonymous()), Amounts.bytes(set.mapped()));
  }

  private static List<String> seconds(String name, double predicted, double measured) {
    return List.of(name, time(predicted), time(measured), error(predicted, measured));
  }

  private static List<String> bytes(String name, long predicted, long measured) {
    return List.of(
        name,
        Amounts.bytes(predicted),
        Amounts.bytes(measured),
        error((double) predicted, (double) measured));
  }

  private static String error(double predicted, double measured) {
    return "%+.1f %%".formatted(100 * (predicted / measured - 1));
  }

  private static String time(double seconds) {
    return Amounts.time(Duration.ofMillis(Math.round(seconds * 1000)));
  }
}
