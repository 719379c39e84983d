package dev.farspan.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The native `tokenizers` library behind one `tokenizer.json`.
///
/// The library's defaults would truncate at 512 tokens and pad; both are switched off. Its shared
/// object comes out of its own jar into the library's cache folder (`DJL_CACHE_DIR`, else
/// `~/.djl.ai`, else the temporary folder).
final class NativeEncoder implements AutoCloseable {
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

  private final HuggingFaceTokenizer library;
  // Closing while another thread encodes would free memory in use.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private NativeEncoder(HuggingFaceTokenizer library) {
    this.library = library;
  }

  /// @param json a whole tokenizer.json
  /// @param source what to call it in an error
  static NativeEncoder of(byte[] json, String source) {
    stayOffline();
    try {
      return new NativeEncoder(
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + source, e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          source + " is no tokenizer the tokenizers library can load: " + e.getMessage(), e);
    }
  }

  int[] encode(String text, boolean addSpecial) {
    requireWholeCharacters(text);
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer is closed");
      }
      long[] ids = library.encode(text, addSpecial, false).getIds();
      int[] out = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        out[i] = Math.toIntExact(ids[i]);
      }
      return out;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      library.close();
    } finally {
      lock.writeLock().unlock();
    }
  }

  // By default the library asks the cloud's metadata service where it runs, and on a machine with
  // CUDA it downloads another build of itself. These are its documented switches against both.
  private static void stayOffline() {
    setIfUnset("ai.djl.offline", "true");
    setIfUnset("RUST_FLAVOR", "cpu");
  }

  private static void setIfUnset(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static void requireWholeCharacters(String text) {
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        throw new IllegalArgumentException(
            "the text holds half a surrogate pair at index " + at + "; it cannot be encoded");
      }
      at += Character.charCount(c);
    }
  }
}
