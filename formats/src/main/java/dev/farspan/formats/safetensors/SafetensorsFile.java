package dev.farspan.formats.safetensors;

import dev.farspan.formats.FormatException;
import dev.farspan.formats.TensorSource;
import dev.farspan.formats.files.MappedFile;
import dev.farspan.formats.files.Names;
import dev.farspan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An open safetensors checkpoint: one file, or all shards of an index.
///
/// What is checked: a header of at most 32 MiB of strict JSON; only known properties and types;
/// each tensor as many bytes as its type and shape need; no gap, no overlap, nothing cut off. The
/// files must not be changed while open.
public final class SafetensorsFile implements TensorSource {
  /// The name of an unsharded checkpoint in its directory.
  public static final String SINGLE = "model.safetensors";

  /// The name of the index of a sharded checkpoint in its directory.
  public static final String INDEX = "model.safetensors.index.json";

  private final Path path;
  private final List<MappedFile> mapped = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private SafetensorsFile(Path path) {
    this.path = path;
  }

  /// Opens a checkpoint.
  ///
  /// @param path a `.safetensors` file; an index such as `model.safetensors.index.json`; or a
  ///   directory with `model.safetensors` or else that index
  /// @return the open checkpoint
  /// @throws FormatException if it is not a safetensors checkpoint that can be read
  /// @throws java.io.UncheckedIOException if a file cannot be read
  public static SafetensorsFile open(Path path) {
    SafetensorsFile file = new SafetensorsFile(path);
    boolean done = false;
    try {
      file.add(path);
      done = true;
      return file;
    } finally {
      if (!done) {
        file.close();
      }
    }
  }

  private void add(Path place) {
    if (Files.isDirectory(place)) {
      addDirectory(place);
    } else if (String.valueOf(place.getFileName()).endsWith(".json")) {
      addShards(place);
    } else {
      addFile(place);
    }
  }

  private void addDirectory(Path directory) {
    if (Files.exists(directory.resolve(SINGLE))) {
      addFile(directory.resolve(SINGLE));
    } else if (Files.exists(directory.resolve(INDEX))) {
      addShards(directory.resolve(INDEX));
    } else {
      throw new FormatException(
          directory.toString(),
          "is not a model directory: it has neither " + SINGLE + " nor " + INDEX);
    }
  }

  private void addShards(Path indexPath) {
    SafetensorsIndex index = SafetensorsIndex.read(indexPath);
    for (String shard : index.shards()) {
      Path shardPath = SafetensorsIndex.place(indexPath, shard);
      index.check(shard, addFile(shardPath).entries(), shardPath);
    }
  }

  private SafetensorsHeader addFile(Path file) {
    MappedFile map = MappedFile.open(file);
    mapped.add(map);
    SafetensorsHeader header = SafetensorsHeader.read(map.bytes(), file.toString());
    header.metadata().forEach(metadata::putIfAbsent);
    for (SafetensorsEntry entry : header.entries()) {
      MemorySegment data =
          map.bytes().asSlice(header.dataOffset() + entry.begin(), entry.end() - entry.begin());
      tensors.put(entry.name(), new Tensor(entry.name(), entry.dtype(), entry.shape(), data));
    }
    return header;
  }

  @Override
  public Path path() {
    return path;
  }

  /// Returns the free-form `__metadata__`. Of several shards, the first that has a key counts.
  ///
  /// @return an unmodifiable map
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  @Override
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new FormatException(
          path.toString(),
          "has no tensor " + Names.quote(name) + Names.similar(name, tensors.keySet()));
    }
    return tensor;
  }

  @Override
  public void close() {
    mapped.forEach(MappedFile::close);
  }
}
