package dev.farspan.evaluation.cells;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The lines of a file of measurements: `{"run": ID, "identity": {...}, "facts": {...}}` where a
/// run begins, `{"run": ID, "key": {...}, "value": ...}` for each of its measurements.
final class CellLines {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final SequencedMap<String, Run> runs = new LinkedHashMap<>();

  /// What the lines say of one run so far.
  private record Run(Labels identity, List<Labels> facts, SequencedMap<Labels, JsonNode> values) {}

  static String of(RunHeader header) {
    ObjectNode line = JSON.createObjectNode().put("run", header.id());
    line.set("identity", object(header.identity()));
    line.set("facts", object(header.facts()));
    return JSON.writeValueAsString(line) + "\n";
  }

  static String of(String run, Cell cell) {
    ObjectNode line = JSON.createObjectNode().put("run", run);
    line.set("key", object(cell.key()));
    line.set("value", cell.value());
    return JSON.writeValueAsString(line) + "\n";
  }

  private static ObjectNode object(Labels labels) {
    ObjectNode object = JSON.createObjectNode();
    labels.entries().forEach(object::put);
    return object;
  }

  /// Takes in whole lines, the file's first first; returns whether the last of them is damaged,
  /// which is how a machine that lost its power may leave it.
  boolean addAll(List<String> lines, Path file) {
    for (int i = 0; i < lines.size(); i++) {
      try {
        add(JSON.readTree(lines.get(i)));
      } catch (JacksonException | IllegalArgumentException e) {
        if (i == lines.size() - 1) {
          return true;
        }
        throw new IllegalArgumentException(
            "line %d of %s holds no measurement: delete that line to measure it again"
                .formatted(i + 1, file),
            e);
      }
    }
    return false;
  }

  private void add(JsonNode line) {
    String id = line.required("run").stringValue();
    if (line.has("key")) {
      Run run = runs.get(id);
      if (run == null) {
        throw new IllegalArgumentException("no line before this one says what run " + id + " is");
      }
      run.values.put(labels(line.required("key")), line.required("value"));
    } else {
      add(new RunHeader(labels(line.required("identity")), labels(line.required("facts"))));
    }
  }

  /// Takes in that a run begins or goes on; returns whether that is news.
  boolean add(RunHeader header) {
    Run run =
        runs.computeIfAbsent(
            header.id(), _ -> new Run(header.identity(), new ArrayList<>(), new LinkedHashMap<>()));
    return !run.facts.contains(header.facts()) && run.facts.add(header.facts());
  }

  private static Labels labels(JsonNode object) {
    LinkedHashMap<String, String> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      entries.put(entry.getKey(), entry.getValue().stringValue());
    }
    return new Labels(entries);
  }

  /// The values of a run that has been added.
  Map<Labels, JsonNode> values(RunHeader header) {
    Run run = runs.get(header.id());
    return run == null ? Map.of() : Map.copyOf(run.values);
  }

  List<RunCells> runs() {
    return runs.values().stream().map(CellLines::cells).toList();
  }

  private static RunCells cells(Run run) {
    List<Cell> cells = new ArrayList<>();
    run.values.forEach((key, value) -> cells.add(new Cell(key, value)));
    return new RunCells(run.identity, run.facts, cells);
  }
}
