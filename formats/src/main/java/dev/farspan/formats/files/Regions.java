package dev.farspan.formats.files;

import dev.farspan.formats.TensorSink;
import dev.farspan.tensor.Blocks;
import dev.farspan.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/// The places in a file that declared tensors fill, each from its start on.
public final class Regions implements TensorSink {
  private static final int CHUNK = 1 << 16;

  private final NewFile file;
  private final Map<String, Region> regions = new LinkedHashMap<>();

  /// A tensor being appended to: the bytes still missing are `[at, end)` of the file.
  private static final class Region {
    private final DType dtype;
    private final long end;
    private long at;

    private Region(DType dtype, long at, long end) {
      this.dtype = dtype;
      this.at = at;
      this.end = end;
    }
  }

  /// Makes the places of a file, which is closed with them.
  ///
  /// @param file the file
  public Regions(NewFile file) {
    this.file = file;
  }

  /// Adds a place.
  ///
  /// @param name the tensor's name
  /// @param dtype how its elements are stored
  /// @param at where in the file it starts
  /// @param bytes how many it takes
  public void declare(String name, DType dtype, long at, long bytes) {
    regions.put(name, new Region(dtype, at, at + bytes));
  }

  @Override
  public void append(String name, MemorySegment data) {
    Region region = declared(name, data.byteSize());
    file.write(data, region.at);
    region.at += data.byteSize();
  }

  @Override
  public void append(String name, float[] values, int from, int count) {
    DType dtype = declared(name, 0).dtype;
    declared(name, dtype.bytes(count));
    int most = Math.min(count, CHUNK); // whole blocks, as count is
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) dtype.bytes(most)]);
    for (int done = 0; done < count; done += CHUNK) {
      int size = Math.min(CHUNK, count - done);
      Blocks.encode(dtype, values, from + done, size, bytes, 0);
      append(name, bytes.asSlice(0, dtype.bytes(size)));
    }
  }

  private Region declared(String name, long bytes) {
    Region region = regions.get(name);
    if (region == null) {
      throw new IllegalArgumentException(
          "tensor "
              + Names.quote(name)
              + " was not declared"
              + Names.similar(name, regions.keySet()));
    }
    if (bytes > region.end - region.at) {
      throw new IllegalArgumentException(
          "tensor %s needs %d more bytes, not %d"
              .formatted(Names.quote(name), region.end - region.at, bytes));
    }
    return region;
  }

  @Override
  public void finish() {
    regions.forEach(
        (name, region) -> {
          if (region.at != region.end) {
            throw new IllegalStateException(
                "tensor %s lacks %d bytes".formatted(Names.quote(name), region.end - region.at));
          }
        });
    file.commit();
  }

  @Override
  public void close() {
    file.close();
  }
}
