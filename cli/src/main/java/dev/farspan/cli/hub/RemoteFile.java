package dev.farspan.cli.hub;

/// A file on the hub and what it must turn out to be.
///
/// @param repository `org/repo`
/// @param path the file's path in it
/// @param size bytes
/// @param checksum what its bytes must add up to
record RemoteFile(String repository, String path, long size, Checksum checksum) {
  /// Its name without folders.
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
