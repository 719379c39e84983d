package dev.farspan.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The `decoder` of a tokenizer.json, reduced to what it does to a single token and to the start.
///
/// @param spelling how tokens write bytes
/// @param stripsSpace whether one space is taken from the start of the text
record HfDecoder(Spelling spelling, boolean stripsSpace) {

  static HfDecoder read(JsonNode decoder, Path source) {
    String type = decoder.path("type").asString("none");
    return switch (type) {
      case "ByteLevel" -> new HfDecoder(Spelling.BYTE_LEVEL, false);
      case "Metaspace" -> metaspace(decoder);
      case "Sequence" -> sequence(decoder, source);
      default -> throw unsupported(decoder, source);
    };
  }

  private static HfDecoder metaspace(JsonNode decoder) {
    String scheme = decoder.path("prepend_scheme").asString("always");
    boolean prefix =
        decoder.path("add_prefix_space").asBoolean(!scheme.equals("never"))
            && !scheme.equals("never");
    return new HfDecoder(Spelling.SENTENCE_PIECE, prefix);
  }

  // Llama and Gemma: Replace U+2581 with a space, ByteFallback, Fuse, and maybe Strip one space.
  private static HfDecoder sequence(JsonNode decoder, Path source) {
    List<String> steps = new ArrayList<>();
    for (JsonNode step : decoder.path("decoders")) {
      steps.add(step.path("type").asString("none"));
      boolean known =
          switch (steps.getLast()) {
            case "ByteLevel", "ByteFallback", "Fuse" -> true;
            case "Replace" ->
                step.path("pattern").path("String").asString("").equals("▁")
                    && step.path("content").asString("").equals(" ");
            case "Strip" ->
                step.path("content").asString("").equals(" ")
                    && step.path("start").asInt(0) == 1
                    && step.path("stop").asInt(0) == 0;
            default -> false;
          };
      if (!known) {
        throw unsupported(step, source);
      }
    }
    if (steps.contains("ByteLevel") != steps.contains("Replace")) {
      Spelling spelling =
          steps.contains("ByteLevel") ? Spelling.BYTE_LEVEL : Spelling.SENTENCE_PIECE;
      return new HfDecoder(spelling, steps.contains("Strip"));
    }
    throw unsupported(decoder, source);
  }

  private static IllegalArgumentException unsupported(JsonNode decoder, Path source) {
    return new IllegalArgumentException(
        "%s has a decoder that is not supported: %s; known: ByteLevel, Metaspace, and Sequence of Replace, ByteFallback, Fuse and Strip"
            .formatted(source, decoder));
  }
}
