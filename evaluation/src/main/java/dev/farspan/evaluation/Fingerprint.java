package dev.farspan.evaluation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// Short names of contents, to tell whether a stored result belongs to what is at hand.
public final class Fingerprint {
  // Files of weights have tens of gigabytes: a sample of them tells two models apart in a moment.
  private static final int SAMPLES = 64;
  private static final int SAMPLE_BYTES = 1 << 16;
  private static final int DIGITS = 32;

  private final MessageDigest digest;

  private Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// Returns a fingerprint of a model: of its files' names and sizes and of 64 samples spread over
  /// each.
  ///
  /// @param model a file, or a directory whose files are read, not those of its directories
  /// @return 32 hexadecimal digits
  /// @throws UncheckedIOException if a file cannot be read
  public static String ofModel(Path model) {
    return ofModel(List.of(model));
  }

  /// Returns a fingerprint of a model in several places, such as a base and an adapter.
  ///
  /// @param parts files, or directories whose files are read, not those of their directories
  /// @return 32 hexadecimal digits
  /// @throws UncheckedIOException if a file cannot be read
  public static String ofModel(List<Path> parts) {
    Fingerprint fingerprint = new Fingerprint();
    for (Path part : parts) {
      try {
        for (Path file : files(part)) {
          fingerprint.add(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + part, e);
      }
    }
    return fingerprint.digits();
  }

  private static List<Path> files(Path model) throws IOException {
    if (!Files.isDirectory(model)) {
      return List.of(model);
    }
    try (var files = Files.list(model)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /// Returns a fingerprint of a text.
  ///
  /// @param tokens its token ids
  /// @return 32 hexadecimal digits
  public static String ofTokens(int[] tokens) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * tokens.length);
    bytes.asIntBuffer().put(tokens);
    return of(bytes);
  }

  /// Returns a fingerprint of any text.
  ///
  /// @param text the text
  /// @return 32 hexadecimal digits
  public static String ofText(String text) {
    return of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String of(ByteBuffer bytes) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.digest.update(bytes);
    return fingerprint.digits();
  }

  private void add(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      String head = file.getFileName() + "\n" + size + "\n";
      digest.update(head.getBytes(StandardCharsets.UTF_8));
      ByteBuffer sample = ByteBuffer.allocate(SAMPLE_BYTES);
      long last = Math.max(0, size - SAMPLE_BYTES);
      long before = -1;
      for (int i = 0; i < SAMPLES; i++) {
        long at = last * i / (SAMPLES - 1);
        if (at == before) {
          continue;
        }
        before = at;
        sample.clear();
        while (sample.hasRemaining() && channel.read(sample, at + sample.position()) >= 0) {}
        digest.update(sample.flip());
      }
    }
  }

  private String digits() {
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }
}
