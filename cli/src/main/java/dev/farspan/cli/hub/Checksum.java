package dev.farspan.cli.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/// What the bytes of a file must add up to. The hub's entity tag says it: SHA-256 for large files,
/// git's blob SHA-1 for small ones.
///
/// @param kind which sum
/// @param hex its value; for [Kind#NONE] any text that changes with the file
record Checksum(Kind kind, String hex) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
  private static final int CHUNK = 1 << 20;

  enum Kind {
    SHA256,
    GIT_BLOB,
    /// The server told none; only the size is checked.
    NONE
  }

  /// Reads an entity tag: `"..."`, or `W/"..."`, or none.
  static Checksum ofEntityTag(String tag) {
    String bare = tag.replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT);
    if (SHA256.matcher(bare).matches()) {
      return new Checksum(Kind.SHA256, bare);
    }
    return SHA1.matcher(bare).matches()
        ? new Checksum(Kind.GIT_BLOB, bare)
        : new Checksum(Kind.NONE, bare);
  }

  /// A short name for this content, safe in a file name.
  String shortId() {
    String safe = hex.replaceAll("[^0-9a-z]", "");
    return safe.isEmpty() ? "untagged" : safe.substring(0, Math.min(16, safe.length()));
  }

  /// The sum of a file, of the same kind as this one; for [Kind#NONE] always this one.
  Checksum of(Path file, LongConsumer progress) throws IOException {
    return switch (kind) {
      case SHA256 -> new Checksum(kind, digest(sha("SHA-256"), file, progress));
      case GIT_BLOB -> {
        MessageDigest sha1 = sha("SHA-1");
        String header = "blob " + Files.size(file) + "\0";
        sha1.update(header.getBytes(StandardCharsets.US_ASCII));
        yield new Checksum(kind, digest(sha1, file, progress));
      }
      case NONE -> this;
    };
  }

  private static String digest(MessageDigest digest, Path file, LongConsumer progress)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    long done = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
        done += n;
        progress.accept(done);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + name, e);
    }
  }

  @Override
  public String toString() {
    return switch (kind) {
      case SHA256 -> "SHA-256 " + hex;
      case GIT_BLOB -> "git SHA-1 " + hex;
      case NONE -> "no checksum";
    };
  }
}
