package dev.farspan.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The demo as a program reads it.
final class DemoJson {
  private DemoJson() {}

  static Map<String, Object> of(DemoPlan plan, DemoVerdict verdict, Optional<DemoLine> tuned) {
    List<String> sentences = new ArrayList<>(List.of(verdict.collapse(), verdict.best()));
    sentences.addAll(verdict.windows());
    tuned.ifPresent(line -> sentences.add(verdict.tuned(line)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("sentences", sentences);
    json.put("trained_length", plan.trained());
    json.put("lengths", plan.lengths());
    json.put("passkeys_of_each_length", plan.depths() * plan.samples());
    json.put("methods", verdict.lines().stream().map(DemoJson::line).toList());
    tuned.ifPresent(line -> json.put("tuned", line(line)));
    return json;
  }

  private static Map<String, Object> line(DemoLine line) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", line.name());
    json.put("loss_up_to_each_length", line.losses());
    json.put("found_percent", line.found());
    json.put("seconds", line.seconds());
    return json;
  }
}
