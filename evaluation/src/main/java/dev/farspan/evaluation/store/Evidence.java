package dev.farspan.evaluation.store;

import dev.farspan.evaluation.ComparisonKey;
import dev.farspan.evaluation.LossCurve;
import dev.farspan.evaluation.files.CurveJson;
import dev.farspan.formats.text.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What has been measured of a model, in a small file beside it: the curves of one text, which
/// alone can be compared.
///
/// @param model fingerprint of the model's files
/// @param text fingerprint of the text's token ids
/// @param cacheType type of the KV cache
/// @param trainedLength tokens the model was trained for
/// @param curves what was measured
/// @param advice what `farspan advise` recommended, if it was asked
public record Evidence(
    String model,
    String text,
    String cacheType,
    int trainedLength,
    List<LossCurve> curves,
    Optional<Advice> advice) {
  private static final String SUFFIX = ".farspan.json";

  /// Copies the list.
  public Evidence {
    curves = List.copyOf(curves);
  }

  /// Returns the evidence of a comparison.
  ///
  /// @param key what the curves depend on
  /// @param trainedLength tokens the model was trained for
  /// @param curves what was measured
  /// @return the evidence
  public static Evidence of(ComparisonKey key, int trainedLength, List<LossCurve> curves) {
    return new Evidence(
        key.model(),
        key.text(),
        key.cacheType().toString(),
        trainedLength,
        curves,
        Optional.empty());
  }

  /// Returns the evidence of an advice alone.
  ///
  /// @param key what it depends on
  /// @param trainedLength tokens the model was trained for
  /// @param advice the advice
  /// @return evidence without curves
  public static Evidence of(ComparisonKey key, int trainedLength, Advice advice) {
    return new Evidence(
        key.model(),
        key.text(),
        key.cacheType().toString(),
        trainedLength,
        List.of(),
        Optional.of(advice));
  }

  /// Returns where the evidence of a model is.
  ///
  /// @param model its file or directory
  /// @return the file `MODEL.farspan.json` beside it
  public static Path fileOf(Path model) {
    Path path = model.toAbsolutePath().normalize();
    return path.resolveSibling(path.getFileName() + SUFFIX);
  }

  /// Returns the advice that covers a length: one beyond the trained length that was read when it
  /// was given.
  ///
  /// @param length tokens that a request will reach
  /// @return the advice; empty within the trained length, where no method is needed
  public Optional<Advice> adviceFor(int length) {
    return advice.filter(given -> length > trainedLength && length <= given.context());
  }

  /// Returns the method with the lowest mean loss between the trained length and a length, among
  /// those measured that far. Bands that begin inside the trained length do not count.
  ///
  /// @param length tokens that a request will reach
  /// @return its specification; empty within the trained length or if nothing was measured so far
  public Optional<String> bestMethod(int length) {
    return curves.stream()
        .filter(curve -> !curve.method().equals("auto")) // names no method to choose
        .filter(curve -> measuredTo(curve) >= length)
        .filter(curve -> !beyond(curve, length).isEmpty())
        .min(Comparator.comparingDouble(curve -> meanOf(beyond(curve, length))))
        .map(LossCurve::method);
  }

  private static int measuredTo(LossCurve curve) {
    return curve.bands().isEmpty() ? 0 : curve.bands().getLast().to();
  }

  private List<LossCurve.Band> beyond(LossCurve curve, int length) {
    return curve.bands().stream()
        .filter(band -> band.from() >= trainedLength && band.from() < length)
        .toList();
  }

  private static double meanOf(List<LossCurve.Band> bands) {
    double nats = 0;
    long tokens = 0;
    for (LossCurve.Band band : bands) {
      nats += band.loss() * band.tokens();
      tokens += band.tokens();
    }
    return nats / tokens;
  }

  /// Returns this evidence with that of a later run, whose curves and advice take the place of
  /// older ones.
  ///
  /// @param later the later run
  /// @return both; the later alone if its model differs; its curves alone if its text, cache type,
  ///   trained length or bands do
  public Evidence with(Evidence later) {
    if (!later.model.equals(model)) {
      return later;
    }
    Optional<Advice> latest = later.advice.or(() -> advice);
    if (later.curves.isEmpty()) {
      return new Evidence(model, text, cacheType, trainedLength, curves, latest);
    }
    List<LossCurve> merged = new ArrayList<>(later.curves);
    if (later.comparableTo(this)) {
      curves.stream().filter(curve -> !later.has(curve.method())).forEach(merged::add);
    }
    return new Evidence(model, later.text, later.cacheType, later.trainedLength, merged, latest);
  }

  private boolean has(String method) {
    return curves.stream().anyMatch(curve -> curve.method().equals(method));
  }

  private boolean comparableTo(Evidence other) {
    return text.equals(other.text)
        && cacheType.equals(other.cacheType)
        && trainedLength == other.trainedLength
        && edges().equals(other.edges());
  }

  /// Where the curves are cut: a mean over other bands is another mean.
  private Set<List<Integer>> edges() {
    return curves.stream()
        .map(curve -> curve.bands().stream().map(LossCurve.Band::to).toList())
        .collect(Collectors.toSet());
  }

  /// Writes the evidence beside a model, merged into what is there.
  ///
  /// @param path the model's file or directory
  /// @throws UncheckedIOException if the file cannot be written
  /// @throws IllegalArgumentException if there is a file that holds no evidence
  public void writeBeside(Path path) {
    writeTo(fileOf(path));
  }

  /// Writes the evidence, merged into what is there.
  ///
  /// @param file where to; its directory is made if it is missing
  /// @throws UncheckedIOException if the file cannot be written
  /// @throws IllegalArgumentException if there is a file that holds no evidence
  public void writeTo(Path file) {
    Evidence all = readFile(file).map(earlier -> earlier.with(this)).orElse(this);
    ObjectNode object = CurveJson.write(all.curves);
    object.put("model", all.model).put("text", all.text).put("cacheType", all.cacheType);
    object.put("trainedLength", all.trainedLength);
    all.advice.ifPresent(given -> object.set("advice", given.json()));
    WholeFile.write(file, CurveJson.text(object));
  }

  /// Returns the evidence beside a model. Whether it is this very model's says [#model].
  ///
  /// @param path the model's file or directory
  /// @return the evidence, if there is any
  /// @throws IllegalArgumentException if the file is damaged
  /// @throws UncheckedIOException if the file cannot be read
  public static Optional<Evidence> read(Path path) {
    return readFile(fileOf(path));
  }

  /// Returns the evidence that a file holds.
  ///
  /// @param file the file
  /// @return the evidence, if there is such a file
  /// @throws IllegalArgumentException if the file is damaged
  /// @throws UncheckedIOException if the file cannot be read
  public static Optional<Evidence> readFile(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode object = CurveJson.parse(Files.readString(file));
      return Optional.of(
          new Evidence(
              object.required("model").stringValue(),
              object.required("text").stringValue(),
              object.required("cacheType").stringValue(),
              object.required("trainedLength").intValue(),
              CurveJson.read(object),
              object.optional("advice").map(Advice::read)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      throw new IllegalArgumentException(
          file + " does not hold measured curves; delete it or measure again", e);
    }
  }
}
