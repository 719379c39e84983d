package dev.farspan.evaluation.report;

import dev.farspan.evaluation.LossCurve;
import dev.farspan.evaluation.files.CurveJson;
import dev.farspan.formats.text.WholeFile;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// One comparison in every form.
///
/// @param facts where the numbers come from
/// @param curves one for each method
public record ComparisonReport(RunFacts facts, List<LossCurve> curves) {
  /// Copies the list.
  ///
  /// @throws IllegalArgumentException if there is no curve, or their bands differ
  public ComparisonReport {
    curves = List.copyOf(curves);
    if (curves.isEmpty()) {
      throw new IllegalArgumentException("there is no curve to report; measure a method first");
    }
    List<Integer> ends = ends(curves.getFirst());
    for (LossCurve curve : curves) {
      if (!ends(curve).equals(ends)) {
        throw new IllegalArgumentException(
            "the bands of '" + curve.method() + "' are not those of the other methods");
      }
    }
  }

  private static List<Integer> ends(LossCurve curve) {
    return curve.bands().stream().map(LossCurve.Band::to).toList();
  }

  /// Returns the comparison as JSON, `methods` first, then the facts.
  ///
  /// @return indented JSON
  public String json() {
    ObjectNode object = CurveJson.write(curves);
    object.put("model", facts.model()).put("trainedLength", facts.trainedLength());
    object.put("text", facts.text()).put("tokens", facts.tokens());
    object.put("command", facts.command()).put("machine", facts.machine());
    return CurveJson.text(object);
  }

  /// Returns a table with one line for each band.
  ///
  /// @return lines that end with a line break
  public String text() {
    return LossTable.text(this);
  }

  /// Returns a chart with one line for each method.
  ///
  /// @return an SVG document
  public String svg() {
    return new LossChart(this).svg();
  }

  /// Returns a page with chart, table and facts that needs no other file.
  ///
  /// @return an HTML document
  public String html() {
    return ComparisonPage.html(this);
  }

  /// Writes `comparison.json`, `.txt`, `.svg` and `.html`, each whole or not at all.
  ///
  /// @param directory where to; made if it is missing
  /// @return the page
  /// @throws java.io.UncheckedIOException if one cannot be written
  public Path write(Path directory) {
    WholeFile.write(directory.resolve("comparison.json"), json());
    WholeFile.write(directory.resolve("comparison.txt"), text());
    WholeFile.write(directory.resolve("comparison.svg"), svg());
    Path page = directory.resolve("comparison.html");
    WholeFile.write(page, html());
    return page;
  }
}
