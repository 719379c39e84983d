package dev.farspan.evaluation.report;

import static dev.farspan.evaluation.report.Markup.escape;

import dev.farspan.evaluation.LossCurve;

/// The page: chart, table, facts, in one file that opens anywhere.
final class ComparisonPage {
  private static final String STYLE =
      """
      :root { color-scheme: light; }
      body { margin: 2rem auto; max-width: 960px; padding: 0 1rem; color: #0f172a; background: #fff;
        font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; }
      h1 { font-size: 1.4rem; margin: 0 0 1rem; }
      h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
      svg { max-width: 100%; height: auto; }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: .25rem .9rem; text-align: right; border-bottom: 1px solid #e2e8f0; }
      thead th { border-bottom: 2px solid #64748b; vertical-align: bottom; max-width: 14rem;
        overflow-wrap: anywhere; }
      tbody th { font-weight: 400; white-space: nowrap; }
      tr.beyond { background: #fef8ec; }
      tr.mean td, tr.mean th { border-top: 2px solid #64748b; font-weight: 600; }
      td.best { font-weight: 700; color: #15803d; }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; }
      dt { color: #475569; }
      dd { margin: 0; overflow-wrap: anywhere; }
      p.note { color: #475569; }
      """;

  private ComparisonPage() {}

  static String html(ComparisonReport report) {
    RunFacts facts = report.facts();
    String title = escape("Loss by position: " + facts.model());
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s</title>
    <style>
    %s</style>
    </head>
    <body>
    <h1>%s</h1>
    %s<h2>Mean loss in each band</h2>
    <p class="note">Negative log likelihood of the next token in nats. Green: lowest of the line.
    Shaded: beyond the trained length.</p>
    <div class="wide">
    %s</div>
    <h2>Where the numbers come from</h2>
    %s</body>
    </html>
    """
        .formatted(title, STYLE, title, report.svg(), table(report), facts(facts));
  }

  private static String table(ComparisonReport report) {
    StringBuilder out = new StringBuilder("<table>\n<thead><tr><th>position</th>");
    for (LossCurve curve : report.curves()) {
      out.append("<th>").append(escape(curve.method())).append("</th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    for (LossRow row : LossRow.of(report)) {
      String kind = row.label().equals("mean") ? "mean" : row.beyond() ? "beyond" : "within";
      out.append("<tr class=\"").append(kind).append("\"><th>").append(row.label()).append("</th>");
      for (int c = 0; c < row.losses().size(); c++) {
        out.append(row.best().get(c) ? "<td class=\"best\">" : "<td>");
        out.append(row.losses().get(c)).append("</td>");
      }
      out.append("</tr>\n");
    }
    return out.append("</tbody>\n</table>\n").toString();
  }

  private static String facts(RunFacts facts) {
    return "<dl>\n"
        + fact("model", facts.model())
        + fact("trained length", Markup.count(facts.trainedLength()) + " tokens")
        + fact("text", facts.text())
        + fact("tokens read", Markup.count(facts.tokens()))
        + fact("command", facts.command())
        + fact("machine", facts.machine())
        + "</dl>\n";
  }

  private static String fact(String name, String value) {
    return "<dt>" + name + "</dt><dd>" + escape(value) + "</dd>\n";
  }
}
