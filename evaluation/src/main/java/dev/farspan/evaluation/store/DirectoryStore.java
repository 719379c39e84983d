package dev.farspan.evaluation.store;

import dev.farspan.evaluation.ComparisonKey;
import dev.farspan.evaluation.CurveStore;
import dev.farspan.evaluation.Fingerprint;
import dev.farspan.evaluation.LossCurve;
import dev.farspan.evaluation.files.CurveJson;
import dev.farspan.formats.text.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// Curves in a directory, one file each, named by everything they depend on: model, text, tokens,
/// cache type, bands and method. Another model or text leaves them alone and is left alone by them.
public final class DirectoryStore implements CurveStore {
  private final Path directory;
  private final ComparisonKey key;

  /// Makes a store.
  ///
  /// @param directory where the files are; made when the first is kept
  /// @param key what the curves depend on besides their method
  public DirectoryStore(Path directory, ComparisonKey key) {
    this.directory = directory;
    this.key = key;
  }

  /// Returns the curve of a method, if it has been measured.
  ///
  /// @param method the method's specification
  /// @return its curve
  /// @throws IllegalArgumentException if its file is damaged
  /// @throws UncheckedIOException if its file cannot be read
  @Override
  public Optional<LossCurve> find(String method) {
    Path file = file(method);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<LossCurve> curves = CurveJson.read(CurveJson.parse(Files.readString(file)));
      if (curves.size() == 1 && curves.getFirst().method().equals(method)) {
        return Optional.of(curves.getFirst());
      }
      throw damaged(file, new IllegalStateException("it is not the curve of " + method));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    } catch (JacksonException e) {
      throw damaged(file, e);
    }
  }

  private static IllegalArgumentException damaged(Path file, Exception cause) {
    return new IllegalArgumentException(
        file + " does not hold a measured curve; delete it to measure again", cause);
  }

  @Override
  public void keep(LossCurve curve) {
    ObjectNode object = CurveJson.write(List.of(curve));
    object.put("model", key.model()).put("text", key.text()).put("tokens", key.tokens());
    object.put("cacheType", key.cacheType().toString());
    WholeFile.write(file(curve.method()), CurveJson.text(object));
  }

  private Path file(String method) {
    return directory.resolve(Fingerprint.ofText(key + "\n" + method) + ".json");
  }
}
