package dev.farspan.evaluation.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The memory a process occupies, as Linux counts it in `/proc/self/status` (man 5 proc).
///
/// @param anonymous `RssAnon`: the heap that has been touched, caches of keys and values, the
///   virtual machine's own data
/// @param mapped `RssFile` and `RssShmem`: pages of the weights, of libraries and of the JDK's
///   shared archive
public record ResidentSet(long anonymous, long mapped) {
  private static final Path STATUS = Path.of("/proc/self/status");

  /// Returns the resident set of this process.
  ///
  /// @return the set; empty where the system has no such file
  public static Optional<ResidentSet> read() {
    try {
      return Files.isReadable(STATUS) ? of(Files.readAllLines(STATUS)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Reads lines such as `RssAnon: 98304 kB`, where a kB is 1,024 bytes.
  static Optional<ResidentSet> of(List<String> lines) {
    Map<String, Long> bytes = new HashMap<>();
    for (String line : lines) {
      String[] parts = line.split("[:\\s]+", -1);
      if (parts.length == 3 && parts[2].equals("kB")) {
        bytes.put(parts[0], Long.parseLong(parts[1]) * 1024);
      }
    }
    return bytes.containsKey("RssAnon") && bytes.containsKey("RssFile")
        ? Optional.of(
            new ResidentSet(
                bytes.get("RssAnon"), bytes.get("RssFile") + bytes.getOrDefault("RssShmem", 0L)))
        : Optional.empty();
  }

  /// Returns the whole: `VmRSS`.
  ///
  /// @return bytes
  public long total() {
    return anonymous + mapped;
  }
}
