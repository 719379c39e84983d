package dev.farspan.evaluation.report;

import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.RunCells;
import dev.farspan.evaluation.perplexity.Perplexities;
import dev.farspan.formats.text.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a directory of measurements says, as files for programs and a page for people.
///
/// @param runs where the numbers come from
/// @param perplexities one report for each run that measured perplexity
/// @param heatMaps needle maps, drawn side by side
/// @param likelihoods for each needle map how likely the right answers were
/// @param tables scores of tasks
public record EvaluationReport(
    List<RunCells> runs,
    List<PerplexityReport> perplexities,
    List<HeatMap> heatMaps,
    List<HeatMap> likelihoods,
    List<TaskTable> tables) {
  /// Copies the lists.
  public EvaluationReport {
    runs = List.copyOf(runs);
    perplexities = List.copyOf(perplexities);
    heatMaps = List.copyOf(heatMaps);
    likelihoods = List.copyOf(likelihoods);
    tables = List.copyOf(tables);
  }

  /// Returns the report of a directory's runs, pictures of other evaluations given.
  ///
  /// @param runs what the directory holds
  /// @param heatMaps needle maps
  /// @param likelihoods for each of them how likely the right answers were
  /// @param tables scores of tasks
  /// @return the report
  public static EvaluationReport of(
      List<RunCells> runs,
      List<HeatMap> heatMaps,
      List<HeatMap> likelihoods,
      List<TaskTable> tables) {
    List<PerplexityReport> perplexities = new ArrayList<>();
    for (RunCells run : runs) {
      if (run.identity().get("kind").equals(Perplexities.KIND) && !run.cells().isEmpty()) {
        perplexities.add(new PerplexityReport(run, Perplexities.of(run)));
      }
    }
    return new EvaluationReport(runs, perplexities, heatMaps, likelihoods, tables);
  }

  /// Returns what `farspan advise` recommended.
  ///
  /// @return objects with `sentence`, `reasons` and `command`
  List<JsonNode> advices() {
    return runs.stream()
        .filter(run -> run.identity().get("kind").equals("advice"))
        .flatMap(run -> run.find(Labels.of("advice", "verdict")).stream())
        .toList();
  }

  /// Returns everything as JSON.
  ///
  /// @return indented JSON
  public String json() {
    ObjectNode object = JsonMapper.shared().createObjectNode();
    var list = object.putArray("perplexity");
    perplexities.forEach(report -> list.add(report.object()));
    var advised = object.putArray("advice");
    advices().forEach(advised::add);
    object.set("needles", JsonMapper.shared().valueToTree(heatMaps));
    object.set("needle_likelihoods", JsonMapper.shared().valueToTree(likelihoods));
    object.set("tasks", JsonMapper.shared().valueToTree(tables));
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(object) + "\n";
  }

  /// Returns the page. It needs no other file and no network.
  ///
  /// @return an HTML document
  public String html() {
    return EvaluationPage.html(this);
  }

  /// Writes `results.json`, `results.csv`, `report.html` and the pictures, each whole or not at
  /// all.
  ///
  /// @param directory where to; made if it is missing
  /// @return the page
  /// @throws java.io.UncheckedIOException if one cannot be written
  public Path write(Path directory) {
    WholeFile.write(directory.resolve("results.json"), json());
    for (int i = 0; i < perplexities.size(); i++) {
      String number = i == 0 ? "" : "-" + (i + 1);
      PerplexityReport report = perplexities.get(i);
      WholeFile.write(directory.resolve("results" + number + ".csv"), report.csv());
      for (Lines lines : report.charts()) {
        WholeFile.write(directory.resolve(lines.id() + number + ".svg"), LinesChart.svg(lines));
      }
    }
    write(heatMaps, directory, "needle-");
    write(likelihoods, directory, "needle-likelihood-");
    Path page = directory.resolve("report.html");
    WholeFile.write(page, html());
    return page;
  }

  /// Writes the maps, and removes those of an earlier report that are no longer there.
  private static void write(List<HeatMap> maps, Path directory, String name) {
    for (int i = 0; i < maps.size(); i++) {
      WholeFile.write(directory.resolve(name + (i + 1) + ".svg"), maps.get(i).svg());
    }
    try {
      int next = maps.size() + 1;
      while (Files.deleteIfExists(directory.resolve(name + next + ".svg"))) {
        next++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the old pictures of " + directory, e);
    }
  }
}
