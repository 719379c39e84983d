package dev.farspan.evaluation.report;

import dev.farspan.evaluation.LossCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One line of a table: a band, or the mean, under every method.
///
/// @param label `from-to`, or `mean`
/// @param losses the loss under each method, to three decimals
/// @param best whether it is the lowest of the line, as printed
/// @param beyond whether the band begins at the trained length or after it
record LossRow(String label, List<String> losses, List<Boolean> best, boolean beyond) {

  static List<LossRow> of(ComparisonReport report) {
    List<LossRow> rows = new ArrayList<>();
    List<LossCurve> curves = report.curves();
    List<LossCurve.Band> bands = curves.getFirst().bands();
    for (int b = 0; b < bands.size(); b++) {
      int band = b;
      LossCurve.Band range = bands.get(b);
      rows.add(
          row(
              range.from() + "-" + range.to(),
              curves.stream().map(curve -> curve.bands().get(band).loss()).toList(),
              range.from() >= report.facts().trainedLength()));
    }
    rows.add(row("mean", curves.stream().map(LossCurve::mean).toList(), false));
    return rows;
  }

  private static LossRow row(String label, List<Double> losses, boolean beyond) {
    List<String> printed = losses.stream().map(LossRow::print).toList();
    String least = print(losses.stream().mapToDouble(loss -> loss).min().orElseThrow());
    List<Boolean> best =
        printed.stream().map(loss -> losses.size() > 1 && loss.equals(least)).toList();
    return new LossRow(label, printed, best, beyond);
  }

  static String print(double loss) {
    return String.format(Locale.ROOT, "%.3f", loss);
  }
}
