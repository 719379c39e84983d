package dev.farspan.training.recipe;

import dev.farspan.training.run.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The lengths and numbers of examples, as a recipe writes them: `64x128 until 0.3, targetx4`.
///
/// @param stages one after the other
record ExampleSizes(List<Size> stages) {
  private static final Pattern STAGE =
      Pattern.compile("(\\d{1,9}|trained|target)x(\\d{1,9})(?: until (\\d?\\.?\\d+))?");

  /// One stage, its length not yet a number.
  ///
  /// @param until share of the steps after which it ends
  /// @param length a number, `trained` or `target`
  /// @param batch examples of a step
  record Size(double until, String length, int batch) {}

  static ExampleSizes read(Settings settings) {
    List<Size> sizes = new ArrayList<>();
    String text = settings.text("examples");
    for (String part : text.split(",", -1)) {
      Matcher stage = STAGE.matcher(part.strip());
      if (!stage.matches()) {
        throw settings.error(
            "'examples = %s' is not written as 64x128 until 0.3, targetx4".formatted(text));
      }
      double until = stage.group(3) == null ? 1 : Double.parseDouble(stage.group(3));
      sizes.add(new Size(until, stage.group(1), Integer.parseInt(stage.group(2))));
    }
    return new ExampleSizes(sizes);
  }

  List<Stage> resolve(int trained, int target) {
    return stages.stream()
        .map(
            size ->
                new Stage(
                    size.until(),
                    switch (size.length()) {
                      case "trained" -> trained;
                      case "target" -> target;
                      default -> Integer.parseInt(size.length());
                    },
                    size.batch()))
        .toList();
  }
}
