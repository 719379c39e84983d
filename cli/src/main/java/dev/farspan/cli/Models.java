package dev.farspan.cli;

import dev.farspan.cli.progress.Amounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `farspan models`: what the store holds.
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the models in the store: name, format, size of the weights, family, and the context"
          + " each was trained for and claims with the scaling its file carries.",
      "The store is $FARSPAN_MODELS, or .farspan/models in the home directory."
    },
    footer = {"", "Example:", "  farspan models"})
final class Models implements Callable<Integer> {
  @Mixin private final Console console;

  @Option(names = "--json", description = "Print a JSON array.")
  private boolean json;

  /// A model, or why what looks like one is none.
  private sealed interface Row {
    String name();

    record Whole(String name, ModelFacts facts) implements Row {}

    record Broken(String name, String problem) implements Row {}
  }

  Models(Host host) {
    this.console = new Console(host);
  }

  @Override
  public Integer call() {
    ModelStore store = console.host().store();
    List<Row> rows = store.list().stream().map(Models::row).toList();
    if (json) {
      console.json(rows.stream().map(Models::data).toList());
    } else {
      print(store, rows);
    }
    return 0;
  }

  private static Row row(Path model) {
    String name = String.valueOf(model.getFileName());
    try {
      return new Row.Whole(name, ModelFacts.read(model));
    } catch (RuntimeException e) {
      // One broken model must not hide the others.
      return new Row.Broken(name, Errors.sentence(e));
    }
  }

  private void print(ModelStore store, List<Row> rows) {
    if (rows.isEmpty()) {
      console.note(
          "no models in "
              + store.directory().toAbsolutePath().normalize()
              + " yet: fetch one with 'farspan pull'");
      return;
    }
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("NAME", "FORMAT", "SIZE", "FAMILY", "TRAINED", "CLAIMED"));
    rows.forEach(row -> cells.add(cells(row)));
    console.out().print(Columns.align(cells));
    console.out().flush();
  }

  private static List<String> cells(Row row) {
    return switch (row) {
      case Row.Whole(String name, ModelFacts facts) ->
          List.of(
              name,
              facts.kind(),
              Amounts.bytes(facts.bytes()),
              facts.config().family(),
              Amounts.count(facts.config().trainedLength()),
              Amounts.count(facts.config().maxLength()));
      case Row.Broken(String name, String problem) -> List.of(name, problem);
    };
  }

  private static Map<String, Object> data(Row row) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("name", row.name());
    switch (row) {
      case Row.Whole(String _, ModelFacts facts) -> {
        data.put("path", facts.path().toString());
        data.put("format", facts.kind());
        data.put("bytes", facts.bytes());
        data.put("parameters", facts.parameters());
        data.put("family", facts.config().family());
        data.put("trained_length", facts.config().trainedLength());
        data.put("claimed_length", facts.config().maxLength());
      }
      case Row.Broken(String _, String problem) -> data.put("error", problem);
    }
    return data;
  }
}
