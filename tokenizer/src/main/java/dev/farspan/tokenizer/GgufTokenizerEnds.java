package dev.farspan.tokenizer;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/// The decoder and the post-processor of a tokenizer.json that is made from a GGUF vocabulary.
final class GgufTokenizerEnds {
  private final GgufVocabulary vocabulary;
  private final Spelling spelling;
  private final JsonGenerator json;

  GgufTokenizerEnds(GgufVocabulary vocabulary, Spelling spelling, JsonGenerator json) {
    this.vocabulary = vocabulary;
    this.spelling = spelling;
    this.json = json;
  }

  void write() {
    json.writeName("decoder");
    switch (spelling) {
      case BYTE_LEVEL -> {
        start("ByteLevel");
        for (String flag : List.of("add_prefix_space", "trim_offsets", "use_regex")) {
          json.writeBooleanProperty(flag, false);
        }
        json.writeEndObject();
      }
      case SENTENCE_PIECE -> writePieces();
    }
    GgufSpecials specials = vocabulary.specials();
    if (specials.addBos() || specials.addEos()) {
      json.writeName("post_processor");
      writeTemplate(specials);
    }
  }

  private void start(String type) {
    json.writeStartObject();
    json.writeStringProperty("type", type);
  }

  private void writePieces() {
    start("Sequence");
    json.writeArrayPropertyStart("decoders");
    start("Replace");
    json.writeName("pattern");
    json.writeStartObject();
    json.writeStringProperty("String", String.valueOf(Spelling.SPACE));
    json.writeEndObject();
    json.writeStringProperty("content", " ");
    json.writeEndObject();
    for (String type : List.of("ByteFallback", "Fuse")) {
      start(type);
      json.writeEndObject();
    }
    if (vocabulary.specials().addSpacePrefix()) {
      start("Strip");
      json.writeStringProperty("content", " ");
      json.writeNumberProperty("start", 1);
      json.writeNumberProperty("stop", 0);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeTemplate(GgufSpecials specials) {
    start("TemplateProcessing");
    for (String kind : List.of("single", "pair")) {
      json.writeArrayPropertyStart(kind);
      for (String text : kind.equals("single") ? List.of("A") : List.of("A", "B")) {
        writePiece("SpecialToken", specials.addBos() ? token(specials.bos()) : "");
        writePiece("Sequence", text);
        writePiece("SpecialToken", specials.addEos() ? token(specials.eos()) : "");
      }
      json.writeEndArray();
    }
    json.writeName("special_tokens");
    json.writeStartObject();
    Stream.of(specials.addBos() ? specials.bos() : GgufSpecials.NONE, eosIfAdded(specials))
        .filter(id -> id != GgufSpecials.NONE)
        .distinct()
        .forEach(this::writeSpecial);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static int eosIfAdded(GgufSpecials specials) {
    return specials.addEos() ? specials.eos() : GgufSpecials.NONE;
  }

  private String token(int id) {
    return vocabulary.tokens().get(id);
  }

  private void writePiece(String kind, String id) {
    if (!id.isEmpty()) {
      json.writeStartObject();
      json.writeName(kind);
      json.writeStartObject();
      json.writeStringProperty("id", id);
      json.writeNumberProperty("type_id", 0);
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  private void writeSpecial(int id) {
    json.writeName(token(id));
    json.writeStartObject();
    json.writeStringProperty("id", token(id));
    json.writeArrayPropertyStart("ids");
    json.writeNumber(id);
    json.writeEndArray();
    json.writeArrayPropertyStart("tokens");
    json.writeString(token(id));
    json.writeEndArray();
    json.writeEndObject();
  }
}
