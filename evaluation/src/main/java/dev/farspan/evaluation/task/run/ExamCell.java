package dev.farspan.evaluation.task.run;

import dev.farspan.evaluation.cells.Labels;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What one sample gave under one method.
///
/// @param task name of the task
/// @param method the context method
/// @param length tokens of prompt and answer together
/// @param depth place of the needles as asked, in percent
/// @param sample number of the sample
/// @param answers one for each question
/// @param seconds time of reading and answering
public record ExamCell(
    String task,
    String method,
    int length,
    double depth,
    int sample,
    List<Answer> answers,
    double seconds) {
  /// Copies the list.
  public ExamCell {
    answers = List.copyOf(answers);
  }

  /// One answer.
  ///
  /// @param text what the model wrote
  /// @param expected the first reference
  /// @param score how right it is by the task's scoring, or the judge's if one was asked, 0 to 1
  /// @param loss mean loss of the reference's tokens, in nats, each given those before
  /// @param depth place of its own needle as asked, in percent; that of the sample where questions
  ///   have no needles of their own
  public record Answer(String text, String expected, double score, double loss, double depth) {}

  /// Returns whether the sample is one of a task under a method at a length.
  ///
  /// @param ofTask name of the task
  /// @param underMethod the context method
  /// @param atLength tokens
  /// @return whether all three are its own
  public boolean is(String ofTask, String underMethod, int atLength) {
    return task.equals(ofTask) && method.equals(underMethod) && length == atLength;
  }

  /// Returns the mean score of the answers.
  ///
  /// @return 0 to 1
  public double score() {
    return answers.stream().mapToDouble(Answer::score).average().orElse(0);
  }

  /// Returns the mean loss of the references.
  ///
  /// @return nats per token
  public double loss() {
    return answers.stream().mapToDouble(Answer::loss).average().orElse(0);
  }

  /// Returns a cell for each answer, at the depth of its needle.
  ///
  /// @return as many cells as there are answers, each with the whole time
  public List<ExamCell> byNeedle() {
    return answers.stream()
        .map(a -> new ExamCell(task, method, length, a.depth(), sample, List.of(a), seconds))
        .toList();
  }

  /// Returns what tells a sample from the others of its run.
  static Labels key(ExamPlan.Item item) {
    return Labels.of("task", item.task().facts().name())
        .and("method", item.method().text())
        .and("length", item.draw().length())
        .and("depth", item.draw().depth())
        .and("sample", item.draw().index());
  }

  JsonNode json() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("score", score()).put("loss", loss());
    ArrayNode list = json.putArray("answers");
    for (Answer answer : answers) {
      list.addObject()
          .put("text", answer.text())
          .put("expected", answer.expected())
          .put("score", answer.score())
          .put("loss", answer.loss())
          .put("depth", answer.depth());
    }
    return json.put("seconds", seconds);
  }

  static ExamCell of(ExamPlan.Item item, JsonNode json) {
    return of(key(item), json);
  }

  /// Reads a kept cell.
  ///
  /// @param key what tells it from the others of its run
  /// @param json its value
  /// @return the cell
  /// @throws IllegalArgumentException if a label is missing
  public static ExamCell of(Labels key, JsonNode json) {
    double depth = Double.parseDouble(key.get("depth"));
    List<Answer> answers = new ArrayList<>();
    for (JsonNode answer : json.required("answers")) {
      answers.add(
          new Answer(
              answer.required("text").stringValue(),
              answer.required("expected").stringValue(),
              answer.required("score").doubleValue(),
              answer.required("loss").doubleValue(),
              answer.path("depth").asDouble(depth)));
    }
    return new ExamCell(
        key.get("task"),
        key.get("method"),
        key.count("length"),
        depth,
        key.count("sample"),
        answers,
        json.required("seconds").doubleValue());
  }

  static ExamCell of(ExamPlan.Item item, List<Answer> answers, double seconds) {
    return new ExamCell(
        item.task().facts().name(),
        item.method().text(),
        item.draw().length(),
        item.draw().depth(),
        item.draw().index(),
        answers,
        seconds);
  }
}
