package dev.farspan.evaluation.cells;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.IntNode;

class ModelRunsTest {
  private static RunCells run(String model, String text, int trained, String... methods) {
    Labels identity =
        Labels.of("kind", "passkey")
            .and("model", "fingerprint of " + model)
            .and("trained_length", trained)
            .and("text", text);
    List<Cell> cells =
        List.of(methods).stream()
            .map(method -> new Cell(Labels.of("method", method), IntNode.valueOf(1)))
            .toList();
    return new RunCells(identity, List.of(Labels.of("model", model)), cells);
  }

  private static List<String> methods(RunCells run) {
    return run.cells().stream().map(cell -> cell.key().get("method")).toList();
  }

  @Test
  void runsThatDifferInTheModelAloneAreJoined() {
    List<RunCells> joined =
        ModelRuns.joined(
            List.of(run("a", "t", 256, "none", "yarn"), run("b", "t", 256, "none", "file")));
    assertThat(joined).singleElement();
    RunCells one = joined.getFirst();
    assertThat(methods(one)).containsExactly("none", "yarn", "b none", "b file");
    assertThat(one.identity().get("model")).isEqualTo("fingerprint of a, fingerprint of b");
    assertThat(one.identity().count("trained_length")).isEqualTo(256);
    assertThat(one.facts()).hasSize(2);
  }

  @Test
  void otherRunsStayAsTheyAre() {
    List<RunCells> runs =
        List.of(
            run("a", "t", 256, "none"),
            run("b", "another text", 256, "none"),
            run("c", "t", 512, "none"));
    assertThat(ModelRuns.joined(runs)).isEqualTo(runs);
  }

  @Test
  void modelsOfOneNameStayApart() {
    RunCells first = run("a", "t", 256, "none");
    Labels other = Labels.of("model", "another fingerprint");
    RunCells second =
        new RunCells(
            other.and("kind", "passkey").and("trained_length", 256).and("text", "t"),
            first.facts(),
            first.cells());
    assertThat(ModelRuns.joined(List.of(first, second))).containsExactly(first, second);
  }
}
