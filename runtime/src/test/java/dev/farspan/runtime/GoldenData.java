package dev.farspan.runtime;

import dev.farspan.formats.safetensors.SafetensorsFile;
import dev.farspan.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reference data made by transformers and by `scripts/golden`, under `src/test/resources/golden`.
final class GoldenData {
  static final Path ROOT = Path.of("src/test/resources/golden");

  private GoldenData() {}

  /// One expected matrix of logits.
  record Case(String name, Path model, String method, int[] ids, float[] logits) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> tiny() throws IOException {
    try (var dirs = Files.list(ROOT.resolve("tiny"))) {
      return dirs.sorted().map(GoldenData::tiny).toList();
    }
  }

  private static Case tiny(Path dir) {
    JsonNode json = json(dir.resolve("case.json"));
    try (SafetensorsFile file = SafetensorsFile.open(dir.resolve("expected.safetensors"))) {
      return new Case(
          json.get("name").asString(),
          dir,
          json.get("method").asString(),
          ids(file.tensor("input_ids")),
          file.tensor("logits").toFloats());
    }
  }

  static List<Case> methods() {
    Path dir = ROOT.resolve("methods");
    JsonNode json = json(dir.resolve("cases.json"));
    Path model = ROOT.resolve("tiny").resolve(json.get("model").asString());
    try (SafetensorsFile file = SafetensorsFile.open(dir.resolve("expected.safetensors"))) {
      int[] ids = ids(file.tensor("input_ids"));
      return json.get("cases").values().stream()
          .map(
              c ->
                  new Case(
                      c.get("spec").asString(),
                      model,
                      c.get("spec").asString(),
                      ids,
                      file.tensor(c.get("tensor").asString()).toFloats()))
          .toList();
    }
  }

  static JsonNode json(Path file) {
    return JsonMapper.shared().readTree(file.toFile());
  }

  static int[] ids(Tensor tensor) {
    int[] ids = new int[Math.toIntExact(tensor.shape().elements())];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (int) tensor.data().get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i);
    }
    return ids;
  }
}
