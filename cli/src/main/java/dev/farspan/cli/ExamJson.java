package dev.farspan.cli;

import dev.farspan.evaluation.cells.RunHeader;
import dev.farspan.evaluation.task.run.ExamCell;
import dev.farspan.evaluation.task.run.ExamScores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A retrieval evaluation as a program reads it.
final class ExamJson {
  private ExamJson() {}

  static Map<String, Object> of(RunHeader header, ExamScores scores) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("identity", header.identity().entries());
    json.put("facts", header.facts().entries());
    List<Map<String, Object>> averages = new ArrayList<>();
    for (String method : scores.methods()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("method", method);
      Map<String, Object> byLength = new LinkedHashMap<>();
      scores.lengths().forEach(n -> byLength.put("" + n, scores.average(method, n)));
      row.put("average_percent", byLength);
      row.put("weighted_average_inc", scores.rising(method));
      row.put("weighted_average_dec", scores.falling(method));
      row.put("effective_length", scores.effectiveLength(method).orElse(0));
      averages.add(row);
    }
    json.put("methods", averages);
    json.put("cells", scores.cells().stream().map(ExamJson::cell).toList());
    return json;
  }

  private static Map<String, Object> cell(ExamCell cell) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", cell.task());
    json.put("method", cell.method());
    json.put("length", cell.length());
    json.put("depth_percent", cell.depth());
    json.put("sample", cell.sample());
    json.put("score", cell.score());
    json.put("answer_loss", cell.loss());
    json.put("answers", cell.answers());
    return json;
  }
}
