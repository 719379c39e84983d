package dev.farspan.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// The ids of one text's paragraphs, each read on its own, in one reading of one model.
///
/// Most paragraphs outlive a new version of their text, so these still hold when its whole does
/// not. The exact definition of paragraph and hash is in `src/test/python/whole_texts.py`.
///
/// @param name the text's name
/// @param ids hash of a paragraph to hash of its ids
record RecordedParagraphs(String name, Map<String, String> ids) {
  private static final int HASH_DIGITS = 16;
  private static final int LONGEST_IN_LINES = 500;

  /// @param reading model file, slash, pre-tokenizer
  static RecordedParagraphs of(String name, String reading) {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(
                        RecordedParagraphs.class.getResourceAsStream("/golden/paragraphs.tsv.gz"))),
                StandardCharsets.US_ASCII))) {
      int column = columns(lines.readLine()).indexOf(reading);
      assertThat(column).as("the column of %s in paragraphs.tsv.gz", reading).isPositive();
      Map<String, String> ids = new LinkedHashMap<>();
      lines
          .lines()
          .map(RecordedParagraphs::columns)
          .filter(row -> row.getFirst().equals(name))
          .forEach(row -> ids.put(row.get(1), row.get(column)));
      return new RecordedParagraphs(name, ids);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> columns(String line) {
    return Arrays.asList(line.split("\t", -1));
  }

  /// Every distinct paragraph of `text`, in order of appearance.
  static List<String> split(String text) {
    return Arrays.stream(text.split("\n\n", -1))
        .flatMap(RecordedParagraphs::linesIfLong)
        .filter(part -> !part.isEmpty())
        .distinct()
        .toList();
  }

  private static Stream<String> linesIfLong(String block) {
    boolean tooLong = block.chars().filter(c -> c == '\n').count() >= LONGEST_IN_LINES;
    return tooLong ? Arrays.stream(block.split("\n", -1)) : Stream.of(block);
  }

  /// Fails unless `text` is a version of the recorded one and its recorded paragraphs have their
  /// ids.
  ///
  /// @return how many of the recorded paragraphs `text` holds
  int check(String text, Function<String, int[]> encode) {
    int found = 0;
    for (String paragraph : split(text)) {
      String expected = ids.get(hash(paragraph.getBytes(StandardCharsets.UTF_8)));
      if (expected != null) {
        found++;
        assertThat(hash(littleEndian(encode.apply(paragraph))))
            .as("the ids of a paragraph of %s:%n%s", name, paragraph)
            .isEqualTo(expected);
      }
    }
    // Half is far from both: a new version keeps nearly all, another document nearly none.
    assertThat(2 * found)
        .withFailMessage(
            "%s is another document than the expected ids were made from (it holds %d of the %d"
                + " recorded paragraphs): fetch it with scripts/get-texts.sh, or re-make the expected"
                + " ids with tokenizer/src/test/python/whole_texts.py",
            name, found, ids.size())
        .isGreaterThanOrEqualTo(ids.size());
    return found;
  }

  private static String hash(byte[] bytes) {
    return sha256(bytes).substring(0, HASH_DIGITS);
  }

  static byte[] littleEndian(int[] ids) {
    ByteBuffer packed = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    packed.asIntBuffer().put(ids);
    return packed.array();
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
