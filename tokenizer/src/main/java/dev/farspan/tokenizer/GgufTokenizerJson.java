package dev.farspan.tokenizer;

import dev.farspan.tokenizer.SentencePieceMerges.Merge;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes the tokenizer.json that a GGUF vocabulary stands for.
///
/// The format is that of the `tokenizers` library (its Rust structures, serialised). Streaming,
/// because a vocabulary of 262,144 tokens makes 8 MB.
final class GgufTokenizerJson {
  private static final String BPE_SPACE = String.valueOf(Spelling.SPACE);

  private final GgufVocabulary vocabulary;
  private final Spelling spelling;
  private final JsonGenerator json;

  private GgufTokenizerJson(GgufVocabulary vocabulary, Spelling spelling, JsonGenerator json) {
    this.vocabulary = vocabulary;
    this.spelling = spelling;
    this.json = json;
  }

  static byte[] write(GgufVocabulary vocabulary, Spelling spelling) {
    var out = new ByteArrayOutputStream(1 << 20);
    var factory = new JsonFactory();
    try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
      new GgufTokenizerJson(vocabulary, spelling, json).write();
    }
    return out.toByteArray();
  }

  /// Returns the text of a file that stands alone: with what turns tokens into text, and what
  /// stands around a text, which encoding in memory does by itself.
  static byte[] writeFile(GgufVocabulary vocabulary, Spelling spelling) {
    var out = new ByteArrayOutputStream(1 << 20);
    var factory = new JsonFactory();
    try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
      var writer = new GgufTokenizerJson(vocabulary, spelling, json);
      json.writeStartObject();
      writer.writeParts();
      new GgufTokenizerEnds(vocabulary, spelling, json).write();
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /// Returns the text an added token is searched for: SentencePiece files made by some converters
  /// still write its spaces as U+2581.
  static String addedText(String token, Spelling spelling) {
    return switch (spelling) {
      case BYTE_LEVEL -> token;
      case SENTENCE_PIECE -> token.replace(Spelling.SPACE, ' ');
    };
  }

  private void write() {
    json.writeStartObject();
    writeParts();
    json.writeEndObject();
  }

  private void writeParts() {
    json.writeStringProperty("version", "1.0");
    json.writeName("added_tokens");
    writeAddedTokens();
    switch (spelling) {
      case BYTE_LEVEL -> writeByteLevel();
      case SENTENCE_PIECE -> writeSentencePiece();
    }
  }

  private String vocabularyText(int id) {
    String token = vocabulary.tokens().get(id);
    return vocabulary.type(id) == GgufTokenType.USER_DEFINED ? addedText(token, spelling) : token;
  }

  private void writeAddedTokens() {
    json.writeStartArray();
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      GgufTokenType type = vocabulary.type(id);
      String text = vocabularyText(id);
      if (type.isAdded() && !text.isEmpty()) {
        json.writeStartObject();
        json.writeNumberProperty("id", id);
        json.writeStringProperty("content", text);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
          json.writeBooleanProperty(flag, false);
        }
        json.writeBooleanProperty("special", type != GgufTokenType.USER_DEFINED);
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private void writeByteLevel() {
    PreTokenizer pre = PreTokenizer.named(vocabulary.pre());
    if (pre.has(PreTokenizer.Trait.COMPOSES_UNICODE)) {
      json.writeName("normalizer");
      json.writeStartObject();
      json.writeStringProperty("type", "NFC");
      json.writeEndObject();
    }
    json.writeName("pre_tokenizer");
    json.writeStartObject();
    json.writeStringProperty("type", "Sequence");
    json.writeArrayPropertyStart("pretokenizers");
    pre.splits().forEach(this::writeSplit);
    writeBytesAsCharacters();
    json.writeEndArray();
    json.writeEndObject();
    startModel();
    json.writeBooleanProperty("ignore_merges", pre.has(PreTokenizer.Trait.IGNORES_MERGES));
    json.writeArrayPropertyStart("merges");
    vocabulary.merges().forEach(json::writeString);
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeSplit(String expression) {
    json.writeStartObject();
    json.writeStringProperty("type", "Split");
    json.writeName("pattern");
    json.writeStartObject();
    json.writeStringProperty("Regex", expression);
    json.writeEndObject();
    json.writeStringProperty("behavior", "Isolated");
    json.writeBooleanProperty("invert", false);
    json.writeEndObject();
  }

  private void writeBytesAsCharacters() {
    json.writeStartObject();
    json.writeStringProperty("type", "ByteLevel");
    json.writeBooleanProperty("add_prefix_space", false);
    json.writeBooleanProperty("trim_offsets", false);
    json.writeBooleanProperty("use_regex", false);
    json.writeEndObject();
  }

  private void writeSentencePiece() {
    if (!vocabulary.hasScores()) {
      throw new IllegalArgumentException(
          "tokenizer.ggml.model 'llama' needs tokenizer.ggml.scores, but the file has none");
    }
    json.writeName("normalizer");
    json.writeStartObject();
    json.writeStringProperty("type", "Sequence");
    json.writeArrayPropertyStart("normalizers");
    if (vocabulary.specials().addSpacePrefix()) {
      json.writeStartObject();
      json.writeStringProperty("type", "Prepend");
      json.writeStringProperty("prepend", BPE_SPACE);
      json.writeEndObject();
    }
    json.writeStartObject();
    json.writeStringProperty("type", "Replace");
    json.writeName("pattern");
    json.writeStartObject();
    json.writeStringProperty("String", " ");
    json.writeEndObject();
    json.writeStringProperty("content", BPE_SPACE);
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
    startModel();
    json.writeBooleanProperty("byte_fallback", true);
    json.writeBooleanProperty("fuse_unk", true);
    int unknown = vocabulary.specials().unknown();
    if (unknown != GgufSpecials.NONE) {
      json.writeStringProperty("unk_token", vocabulary.tokens().get(unknown));
    }
    json.writeArrayPropertyStart("merges");
    writeMerges(SentencePieceMerges.of(vocabulary));
    json.writeEndArray();
    json.writeEndObject();
  }

  private void startModel() {
    json.writeName("model");
    json.writeStartObject();
    json.writeStringProperty("type", "BPE");
    json.writeName("vocab");
    json.writeStartObject();
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      json.writeNumberProperty(vocabularyText(id), id);
    }
    json.writeEndObject();
  }

  // "a b" loads a fifth faster than ["a", "b"], but cannot hold every token.
  private void writeMerges(List<Merge> merges) {
    List<String> tokens = vocabulary.tokens();
    boolean plain =
        merges.stream()
            .flatMapToInt(merge -> IntStream.of(merge.left(), merge.right()))
            .mapToObj(tokens::get)
            .noneMatch(token -> token.indexOf(' ') >= 0 || token.startsWith("#version"));
    for (Merge merge : merges) {
      String left = tokens.get(merge.left());
      String right = tokens.get(merge.right());
      if (plain) {
        json.writeString(left + " " + right);
      } else {
        json.writeStartArray();
        json.writeString(left);
        json.writeString(right);
        json.writeEndArray();
      }
    }
  }
}
