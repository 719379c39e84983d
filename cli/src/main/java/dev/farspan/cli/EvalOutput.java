package dev.farspan.cli;

import dev.farspan.evaluation.cells.CellDirectory;
import dev.farspan.evaluation.cells.Cells;
import dev.farspan.evaluation.cells.MemoryCells;
import dev.farspan.evaluation.cells.RunCells;
import dev.farspan.evaluation.cells.RunHeader;
import dev.farspan.evaluation.perplexity.Perplexities;
import dev.farspan.evaluation.report.PerplexityReport;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the results of an evaluation go.
final class EvalOutput {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Keep results and the report there, and go on with the results that are there.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print JSON instead of the table.")
  private boolean json;

  /// Keeps nothing, unless it is told where to.
  EvalOutput() {}

  /// Keeps results there, unless it is told where to.
  EvalOutput(Path standard) {
    this.out = standard;
  }

  /// Whether JSON is printed.
  boolean json() {
    return json;
  }

  /// Does work whose cells are kept: in the directory, or until the work is done.
  <R> R keep(RunHeader header, Console console, Function<Cells, R> work) {
    if (out == null) {
      return work.apply(Cells.inMemory());
    }
    try (CellDirectory cells = CellDirectory.open(out, header, console::note)) {
      return work.apply(cells);
    }
  }

  /// Writes the report of everything the directory holds.
  void report(Console console) {
    if (out != null) {
      EvalReport.write(out, console);
    }
  }

  /// The report's page.
  ///
  /// @throws IllegalStateException if nothing is kept
  Path page() {
    if (out == null) {
      throw new IllegalStateException("results that are not kept have no page");
    }
    return out.resolve("report.html");
  }

  /// Does the work of a run, and returns all that has been measured of it; says how much was there.
  RunCells run(RunHeader header, Console console, Consumer<Cells> work) {
    return run(
        header,
        console,
        work,
        cells -> {
          if (cells.size() > 0) {
            console.note("%d measurements are there from before".formatted(cells.size()));
          }
        });
  }

  /// Does a part of the work of a run, and returns all that has been measured of it.
  RunCells goOn(RunHeader header, Console console, Consumer<Cells> work) {
    return run(header, console, work, _ -> {});
  }

  private RunCells run(
      RunHeader header, Console console, Consumer<Cells> work, Consumer<CellDirectory> before) {
    if (out == null) {
      MemoryCells cells = Cells.inMemory();
      work.accept(cells);
      return cells.run(header);
    }
    try (CellDirectory cells = CellDirectory.open(out, header, console::note)) {
      before.accept(cells);
      work.accept(cells);
    }
    return CellDirectory.read(out, console::note).stream()
        .filter(run -> run.identity().equals(header.identity()))
        .findFirst()
        .orElseThrow();
  }

  void print(RunCells run, Console console) {
    PerplexityReport report = new PerplexityReport(run, Perplexities.of(run));
    console.out().print(json ? report.json() : report.text());
    console.out().flush();
    report(console);
  }
}
