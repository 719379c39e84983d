package dev.farspan.training.parallel;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the processes of a group find each other, as PyTorch's `init_method` says it.
public sealed interface Rendezvous {

  /// A port that rank 0 listens on, for processes of several machines.
  ///
  /// @param host name or address of rank 0's machine, as the others reach it
  /// @param port its port
  record Port(String host, int port) implements Rendezvous {
    /// Checks the port.
    ///
    /// @throws IllegalArgumentException if it is not one
    public Port {
      if (port < 1 || port > 0xFFFF) {
        throw new IllegalArgumentException(
            "a rendezvous has a port from 1 to 65535, got %s:%d".formatted(host, port));
      }
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /// A file that is not there yet, for processes of one machine.
  ///
  /// @param path where it is to be
  record SharedFile(Path path) implements Rendezvous {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /// Returns what a text says.
  ///
  /// @param text `HOST:PORT` or the name of a file; `tcp://` or `file://` may stand before it
  /// @return the place
  /// @throws IllegalArgumentException if the port is none, or there is no text
  static Rendezvous parse(String text) {
    Matcher port = Pattern.compile("(?:tcp://)?([^/:]+|\\[[^]]+]):(\\d{1,9})").matcher(text);
    if (port.matches()) {
      return new Port(port.group(1), Integer.parseInt(port.group(2)));
    }
    String file = text.replaceFirst("^file://", "");
    if (file.isBlank() || file.contains("://")) {
      throw new IllegalArgumentException(
          "'%s' is no rendezvous: give HOST:PORT of rank 0, or a file".formatted(text));
    }
    return new SharedFile(Path.of(file));
  }
}
