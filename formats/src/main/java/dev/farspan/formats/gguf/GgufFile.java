package dev.farspan.formats.gguf;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.TensorSource;
import dev.farspan.formats.files.Names;
import dev.farspan.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An open GGUF model: one file, or all parts of a split one.
///
/// A file with tensors of a type that Farspan does not read (see [GgmlType#dtype()]) opens, so that
/// it can be described; asking for such a tensor, or for all tensors, is an error that names the
/// type. A file with a type whose size is not even known does not open: its offsets cannot be
/// checked.
///
/// What is checked, and what a file may ask for at most: a header of 256 MiB with 4,194,304 strings
/// and arrays, nested 4 deep; keys and names once; strings of valid UTF-8; tensors aligned, within
/// the file, and not overlapping. The file must not be changed while it is open.
public final class GgufFile implements TensorSource {
  private final Path path;
  private final List<GgufPart> parts;
  private final Map<String, GgufTensorInfo> infos = new LinkedHashMap<>();
  private final Map<String, Tensor> readable = new LinkedHashMap<>();

  GgufFile(Path path, List<GgufPart> parts) {
    this.path = path;
    this.parts = List.copyOf(parts);
    for (GgufPart part : this.parts) {
      part.header().infos().values().forEach(info -> add(part, info));
    }
  }

  private void add(GgufPart part, GgufTensorInfo info) {
    if (infos.put(info.name(), info) != null) {
      throw new FormatException(
          path.toString(), "has tensor " + Names.quote(info.name()) + " in two parts");
    }
    if (info.type().dtype().isPresent()) {
      readable.put(info.name(), part.tensor(info));
    }
  }

  /// Opens a model.
  ///
  /// @param path a GGUF file; of a split model (`name-00001-of-00003.gguf`) the first
  /// @return the open model
  /// @throws FormatException if it is not a GGUF file that can be read
  /// @throws java.io.UncheckedIOException if a file cannot be read
  public static GgufFile open(Path path) {
    return GgufSplit.open(path);
  }

  @Override
  public Path path() {
    return path;
  }

  /// Returns the version of the format.
  ///
  /// @return 2 or 3
  public int version() {
    return parts.getFirst().header().version();
  }

  /// Returns the metadata; of a split model, that of the first part.
  ///
  /// @return an unmodifiable map with typed accessors
  public GgufMetadata metadata() {
    return parts.getFirst().header().metadata();
  }

  /// Returns what the file says about each tensor, readable or not, in the order of the file.
  ///
  /// @return an unmodifiable map from name
  public Map<String, GgufTensorInfo> infos() {
    return Collections.unmodifiableMap(infos);
  }

  @Override
  public Map<String, Tensor> tensors() {
    for (GgufTensorInfo info : infos.values()) {
      if (!readable.containsKey(info.name())) {
        throw unreadable(info);
      }
    }
    return Collections.unmodifiableMap(readable);
  }

  @Override
  public Tensor tensor(String name) {
    Tensor tensor = readable.get(name);
    if (tensor != null) {
      return tensor;
    }
    GgufTensorInfo info = infos.get(name);
    if (info != null) {
      throw unreadable(info);
    }
    throw new FormatException(
        path.toString(),
        "has no tensor " + Names.quote(name) + Names.similar(name, infos.keySet()));
  }

  private FormatException unreadable(GgufTensorInfo info) {
    return new FormatException(
        path.toString(),
        "tensor %s has type %s, which is not read; convert the model to a type such as Q8_0 or Q4_K"
            .formatted(Names.quote(info.name()), info.type()));
  }

  @Override
  public void close() {
    parts.forEach(part -> part.mapped().close());
  }
}
