package dev.farspan.cli;

import dev.farspan.evaluation.cells.CellDirectory;
import dev.farspan.evaluation.cells.ModelRuns;
import dev.farspan.evaluation.cells.RunCells;
import dev.farspan.evaluation.report.EvaluationReport;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `farspan eval report`: the report of measurements that are there.
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description =
        "Writes results.json, results.csv, report.html and the pictures of a directory again, from"
            + " the measurements in it.",
    footer = {"", "Example:", "  farspan eval report results"})
final class EvalReport implements Callable<Integer> {
  @Mixin private final Console console;

  @Parameters(paramLabel = "DIR", description = "What --out of an evaluation named.")
  private Path directory = Path.of("");

  EvalReport(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    write(directory, console);
    return 0;
  }

  /// Writes the report of everything a directory holds.
  static void write(Path directory, Console console) {
    List<RunCells> runs = ModelRuns.joined(CellDirectory.read(directory, console::note));
    if (runs.stream().allMatch(run -> run.cells().isEmpty())) {
      throw new IllegalArgumentException(
          directory + " holds no whole measurement: nothing is written; evaluate again with --out");
    }
    EvaluationReport report =
        EvaluationReport.of(
            runs,
            ExamPictures.heatMaps(runs),
            ExamPictures.likelihoods(runs),
            ExamPictures.tables(runs));
    console.note("wrote " + report.write(directory));
  }
}
