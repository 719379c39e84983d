package dev.farspan.formats.files;

import dev.farspan.formats.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON from files nobody vouches for: valid UTF-8, one object, no key twice, nothing after it, of
/// bounded size and depth.
public final class StrictJson {
  /// The most bytes that are parsed. Ten times the header of a checkpoint with 30,000 tensors; a
  /// tree of it takes some hundred megabytes at worst.
  public static final int LARGEST = 32 << 20;

  private static final int DEEPEST = 32;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(LARGEST)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /// Returns the object that these bytes spell.
  ///
  /// @param bytes UTF-8 text
  /// @param file the file's name, for errors
  /// @return an object node
  /// @throws FormatException if they spell anything else
  public static JsonNode object(MemorySegment bytes, String file) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text(bytes, file));
    } catch (JacksonException e) {
      JsonProblem problem = JsonProblem.of(e);
      throw new FormatException(
          file, "is not valid JSON" + problem.place() + ": " + Names.quote(problem.what()), e);
    }
    if (!node.isObject()) {
      throw new FormatException(file, "is not a JSON object");
    }
    return node;
  }

  private static String text(MemorySegment bytes, String file) {
    if (bytes.byteSize() > LARGEST) {
      throw new FormatException(
          file, "has %d bytes of JSON; at most %d are read".formatted(bytes.byteSize(), LARGEST));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException(
          file, "has JSON that is not valid UTF-8 at byte " + buffer.position(), e);
    }
  }
}
