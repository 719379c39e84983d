package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import dev.farspan.planner.claims.Combination;
import dev.farspan.planner.claims.PublishedClaim;
import dev.farspan.planner.memory.Alternative;
import dev.farspan.planner.memory.Alternatives;
import dev.farspan.planner.memory.CacheBytes;
import dev.farspan.planner.memory.CacheTypes;
import dev.farspan.planner.memory.MemoryPlan;
import dev.farspan.planner.memory.Scratch;
import dev.farspan.planner.shape.ModelShape;
import dev.farspan.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A plan in words and tables.
final class PlanText {
  private final PlanReport report;
  private final StringBuilder text = new StringBuilder();

  PlanText(PlanReport report) {
    this.report = report;
  }

  String text() {
    heading();
    memory();
    verdict();
    caches();
    if (report.nearHundredGb()) {
      hundredGb();
    }
    report.times().ifPresent(times -> text.append(new PlanTimesText(report, times).text()));
    if (report.isExtension()) {
      text.append(new TrainingText(report).text());
    }
    return text.toString();
  }

  private void heading() {
    line(
        "%s: %s parameters, %s (%s), trained for %s tokens"
            .formatted(
                report.shape().name(),
                Amounts.count(report.shape().parameters()),
                Amounts.bytes(report.shape().weightBytes()),
                report.shape().weightTypes(),
                Amounts.count(report.shape().config().trainedLength())));
    var reading = report.request().reading();
    line(
        "%s tokens, %s read in blocks of %s and %s written; method %s, cache %s%s"
            .formatted(
                Amounts.count(report.tokens()),
                Amounts.count(reading.prompt()),
                Amounts.count(reading.block()),
                Amounts.count(reading.written()),
                report.plan().method().name(),
                report.request().types(),
                report.request().batch() == 1 ? "" : ", batch " + report.request().batch()));
  }

  private void memory() {
    MemoryPlan plan = report.plan();
    Scratch scratch = plan.scratch();
    CacheBytes cache = plan.cache();
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("weights", plan.weights(), "mapped from the file"));
    rows.add(row("KV cache", plan.caches(), pages(cache)));
    rows.add(
        row(
            "heap",
            plan.touchedHeap(),
            "activations %s, logits %s, threads %s, rotations %s, retrieval %s"
                .formatted(
                    Amounts.bytes(scratch.activations()),
                    Amounts.bytes(scratch.logits()),
                    Amounts.bytes(scratch.workers()),
                    Amounts.bytes(scratch.rotations()),
                    Amounts.bytes(scratch.retrieval()))));
    rows.add(
        List.of(
            "",
            "",
            "vocabulary %s, records of pages %s, garbage %s (a third of -Xmx)"
                .formatted(
                    Amounts.bytes(scratch.vocabulary()),
                    Amounts.bytes(scratch.pages()),
                    Amounts.bytes(plan.touchedHeap() - scratch.total()))));
    rows.add(row("the JVM", plan.jvm(), "code, classes, compilers, outside the heap"));
    rows.add(row("total", plan.total(), ""));
    section("MEMORY", rows);
    line(
        "JVM flags: FARSPAN_JAVA_OPTS=-Xmx%dm ./farspan ...; more than that becomes garbage. Weights and"
            .formatted(plan.heap() >> 20));
    line("cache lie outside the heap.");
  }

  private String pages(CacheBytes cache) {
    String pages =
        "%s pages of %d positions, %s each"
            .formatted(
                Amounts.count(cache.pages()), CacheTypes.PAGE, Amounts.bytes(cache.pageBytes()));
    return cache.exactPages() == 0
        ? pages
        : pages
            + ", and %s of floats not yet quantised, %s each"
                .formatted(
                    Amounts.count(cache.exactPages()), Amounts.bytes(cache.exactPageBytes()));
  }

  private void verdict() {
    if (report.fits()) {
      line(
          "It fits: %s of %s."
              .formatted(Amounts.bytes(report.plan().total()), Amounts.bytes(report.limit())));
      return;
    }
    line(
        "It does not fit: %s where there are %s."
            .formatted(Amounts.bytes(report.plan().total()), Amounts.bytes(report.limit())));
    List<Alternative> alternatives = report.alternatives();
    alternatives.forEach(this::alternative);
    if (alternatives.isEmpty()) {
      long other = report.plan().total() - report.plan().caches();
      line(
          "No context fits: weights, buffers and the JVM alone take %s."
              .formatted(Amounts.bytes(other)));
      smallerWeights();
    }
  }

  private void alternative(Alternative alternative) {
    String change =
        switch (alternative.kind()) {
          case CACHE_TYPE -> "--cache-type " + alternative.request().types();
          case METHOD -> "--method " + alternative.request().method();
          case CONTEXT ->
              "--context " + alternative.request().reading().tokens() + ", the longest that fits";
          case CONTEXT_AND_CACHE_TYPE ->
              "--context %d --cache-type %s, the longest of all"
                  .formatted(
                      alternative.request().reading().tokens(), alternative.request().types());
          case BATCH -> "--batch " + alternative.request().batch();
        };
    line("  %s: %s".formatted(change, Amounts.bytes(alternative.plan().total())));
  }

  /// The most exact type of weights with which this, or a change of it, fits.
  private void smallerWeights() {
    for (DType type : List.of(DType.Q8_0, DType.Q4_K, DType.Q4_0, DType.Q2_K)) {
      ModelShape smaller = report.shape().withParameters(report.shape().parameters(), type);
      MemoryPlan plan = MemoryPlan.of(smaller, report.request());
      List<Alternative> changes =
          plan.total() <= report.limit()
              ? List.of()
              : Alternatives.of(smaller, report.request(), report.limit());
      if (plan.total() <= report.limit() || !changes.isEmpty()) {
        line("With weights in %s (%s):".formatted(type, Amounts.bytes(smaller.weightBytes())));
        if (changes.isEmpty()) {
          line("  as asked: " + Amounts.bytes(plan.total()));
        }
        changes.forEach(this::alternative);
        return;
      }
    }
    line("  More memory or a smaller model is needed.");
  }

  private void caches() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        Stream.concat(Stream.of("KV CACHE"), PlanReport.TYPES.stream().map(CacheTypes::toString))
            .toList());
    report
        .caches()
        .forEach(
            (method, row) ->
                rows.add(
                    Stream.concat(
                            Stream.of(method),
                            PlanReport.TYPES.stream().map(row::get).map(Amounts::bytes))
                        .toList()));
    text.append("\n").append(Columns.align(rows));
    line("methods that are not named keep what 'full' keeps; one sequence, all of it allocated");
  }

  private void hundredGb() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("\"100+ GB\"?", "TYPE", "ONE SEQUENCE", "100 GB ARE REACHED BY"));
    for (Combination c : report.combinations()) {
      long batch = c.batchOfHundredGb();
      rows.add(
          List.of(
              c.multiHead()
                  ? "as if multi-head, %d heads"
                      .formatted(report.shape().config().attention().heads())
                  : "its %d KV heads".formatted(report.shape().config().attention().kvHeads()),
              CacheTypes.of(c.type()).toString(),
              "%s (%.1f GiB)".formatted(Amounts.bytes(c.perSequence()), gib(c.perSequence())),
              batch == 1 ? "one sequence" : "a batch of " + batch));
    }
    text.append("\n").append(Columns.align(rows));
    line("by 2 x batch x tokens x layers x heads x headDim x bytes; published figures:");
    for (PublishedClaim claim : PublishedClaim.ALL) {
      line(
          "  %s [%s] is %d KV heads, %s, %s tokens, batch %d: %s"
              .formatted(
                  claim.text(),
                  claim.source(),
                  claim.kvHeads(),
                  CacheTypes.of(claim.type()),
                  Amounts.count(claim.tokens()),
                  claim.batch(),
                  Amounts.bytes(claim.computed())));
    }
  }

  private static double gib(long bytes) {
    return (double) bytes / (1L << 30);
  }

  private static List<String> row(String name, long bytes, String how) {
    return List.of(name, Amounts.bytes(bytes), how);
  }

  private void section(String title, List<List<String>> rows) {
    text.append("\n").append(title).append("\n");
    text.append(Columns.align(rows).replaceAll("(?m) +$", ""));
  }

  private void line(String sentence) {
    text.append(sentence).append("\n");
  }
}
