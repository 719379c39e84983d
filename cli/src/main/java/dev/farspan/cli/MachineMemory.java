package dev.farspan.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// The memory of this machine, or of the container the process runs in.
///
/// @param total all of it
/// @param available what is free or can be freed at once
record MachineMemory(long total, long available) {
  private static final Path MEMORY = Path.of("/proc/meminfo");

  static MachineMemory read() {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long total = system.getTotalMemorySize(); // of the container, where there is one
    return new MachineMemory(total, Math.min(total, available(system.getFreeMemorySize())));
  }

  /// Memory that holds cached files counts as free in `MemAvailable` alone.
  private static long available(long free) {
    if (!Files.isReadable(MEMORY)) {
      return free;
    }
    try (var lines = Files.lines(MEMORY)) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[1]) * 1024)
          .findFirst()
          .orElse(free);
    } catch (IOException e) {
      return free;
    }
  }
}
