package dev.farspan.evaluation.report;

import static dev.farspan.evaluation.report.Markup.escape;

import dev.farspan.evaluation.cells.Labels;
import dev.farspan.evaluation.cells.RunCells;
import dev.farspan.evaluation.task.run.ExamScores;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The page: the winner in a sentence, charts, tables, and where the numbers come from. ECharts
/// (Apache License 2.0, its notice is in its first lines) is part of the file, so that it opens
/// anywhere.
final class EvaluationPage {
  private static final String LIBRARY = "echarts.common.min.js";
  private static final String LIKELIHOOD =
      "exp(-loss) in percent: the geometric mean of the probabilities that the model gave to the"
          + " tokens of the right answer, each after those before it. A digit guessed at random has"
          + " 10. It moves long before a small model answers right.";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final EvaluationReport report;
  private final StringBuilder body = new StringBuilder();
  private final ArrayNode charts = JSON.createArrayNode();

  private EvaluationPage(EvaluationReport report) {
    this.report = report;
  }

  static String html(EvaluationReport report) {
    return new EvaluationPage(report).page();
  }

  private String page() {
    add("<h1>Evaluation of context methods</h1>");
    report.advices().forEach(this::advice);
    report.perplexities().forEach(p -> add("<p class=\"winner\">" + escape(p.winner()) + "</p>"));
    rankings().forEach(sentence -> add("<p class=\"winner\">" + escape(sentence) + "</p>"));
    heatMaps("Needles: how often they were found", "", report.heatMaps());
    heatMaps("Needles: how likely the right answers were", LIKELIHOOD, report.likelihoods());
    report.tables().forEach(this::table);
    for (int i = 0; i < report.perplexities().size(); i++) {
      perplexity(report.perplexities().get(i), i);
    }
    report.runs().forEach(this::facts);
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Evaluation</title>\n"
        + "<style>\n"
        + resource("evaluation.css")
        + "</style>\n</head>\n<body>\n"
        + body
        + "<script>\n"
        + resource(LIBRARY)
        + "\n</script>\n<script>\nconst colours = "
        + JSON.writeValueAsString(LossChart.COLOURS)
        + ";\nconst charts = "
        // "</" inside a string would end the script
        + JSON.writeValueAsString(charts).replace("</", "<\\/")
        + ";\n"
        + resource("evaluation.js")
        + "</script>\n</body>\n</html>\n";
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(EvaluationPage.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }

  private void advice(JsonNode advice) {
    add("<p class=\"winner\">" + escape(advice.path("sentence").asString("")) + ".</p>\n<ul>");
    advice.path("reasons").forEach(reason -> add("<li>" + escape(reason.asString("")) + "</li>"));
    add("</ul>\n<pre>" + escape(advice.path("command").asString("")) + "</pre>");
  }

  private void perplexity(PerplexityReport perplexity, int index) {
    add("<h2>Perplexity</h2>\n<p class=\"note\">" + escape(perplexity.protocol()) + "</p>");
    for (Lines lines : perplexity.charts()) {
      String id = lines.id() + "-" + index;
      add("<div class=\"chart\" id=\"" + id + "\"></div>");
      ObjectNode chart = charts.addObject();
      chart.put("id", id).put("title", lines.title()).put("unit", lines.unit());
      ValueAxis axis = lines.axis();
      chart.put("log", lines.logarithmic());
      chart.put("least", axis.ticks().getFirst()).put("most", axis.ticks().getLast());
      lines.categories().forEach(chart.putArray("categories")::add);
      ArrayNode series = chart.putArray("series");
      lines
          .values()
          .forEach((name, values) -> series(series.addObject().put("name", name), values));
    }
    add("<pre>" + escape(perplexity.table()) + "</pre>");
  }

  private static void series(ObjectNode series, List<Double> values) {
    ArrayNode data = series.putArray("data");
    for (double value : values) {
      if (Double.isNaN(value)) {
        data.addNull();
      } else {
        data.add(value);
      }
    }
  }

  /// Who found most of each task's needles, and who did best at the tasks of a table.
  private List<String> rankings() {
    SequencedMap<String, List<Ranking.Score>> byTask = new LinkedHashMap<>();
    for (HeatMap map : report.heatMaps()) {
      String[] words = map.title().split(", ", 2); // task, method
      byTask
          .computeIfAbsent(words[0], _ -> new ArrayList<>())
          .add(new Ranking.Score(words[words.length - 1], 100 * map.mean()));
    }
    report
        .tables()
        .forEach(
            table ->
                byTask
                    .computeIfAbsent("tasks, mean over lengths", _ -> new ArrayList<>())
                    .add(new Ranking.Score(table.title(), table.overall())));
    return byTask.entrySet().stream()
        .filter(entry -> entry.getValue().size() > 1)
        .map(entry -> Ranking.sentence(entry.getKey(), entry.getValue()))
        .toList();
  }

  private void heatMaps(String title, String note, List<HeatMap> maps) {
    if (maps.isEmpty()) {
      return;
    }
    add("<h2>%s</h2>\n<p class=\"note\">%s</p>\n<div class=\"maps\">".formatted(title, note));
    maps.forEach(map -> add(map.svg()));
    add("</div>");
  }

  private void table(TaskTable table) {
    add("<h2>Tasks: " + escape(table.title()) + "</h2>\n<table><thead><tr><th>task</th>");
    table.lengths().forEach(n -> add("<th>" + HeatMapChart.length(n) + "</th>"));
    add("</tr></thead><tbody>");
    for (int r = 0; r < table.tasks().size(); r++) {
      add("<tr><th>" + escape(table.tasks().get(r)) + "</th>");
      table.scores().get(r).forEach(score -> score(table, score));
      add("</tr>");
    }
    add("<tr class=\"mean\"><th>mean</th>");
    for (int c = 0; c < table.lengths().size(); c++) {
      score(table, table.mean(c));
    }
    add("</tr></tbody></table>");
    String length =
        table.effectiveLength().isPresent()
            ? Markup.count(table.effectiveLength().getAsInt()) + " tokens"
            : "none of those measured";
    add(
        "<p>Effective length (mean of %s %% or more, underlined): <b>%s</b></p>"
            .formatted(table.threshold(), length));
    if (table.lengths().size() > 1) {
      add(
          String.format(
              Locale.ROOT,
              "<p>Weighted average over lengths: <b>%.1f</b> where long ones count more (wAvg inc), <b>%.1f</b> where short ones do (wAvg dec)</p>",
              ExamScores.rising(table.means()),
              ExamScores.rising(table.means().reversed())));
    }
  }

  private void score(TaskTable table, double score) {
    String text = Double.isNaN(score) ? "" : String.format(Locale.ROOT, "%.1f", score);
    add(
        "<td style=\"background:%s\">%s</td>"
            .formatted(
                HeatMapChart.colour(score / 100),
                score >= table.threshold() ? "<u>" + text + "</u>" : text));
  }

  private void facts(RunCells run) {
    add("<h2>Where the numbers come from</h2>\n<dl>");
    run.identity().entries().forEach(this::fact);
    for (Labels facts : run.facts()) {
      facts.entries().forEach(this::fact);
    }
    add("</dl>");
  }

  private void fact(String name, String value) {
    add("<dt>%s</dt><dd>%s</dd>".formatted(escape(name.replace('_', ' ')), escape(value)));
  }

  private void add(String line) {
    body.append(line).append('\n');
  }
}
