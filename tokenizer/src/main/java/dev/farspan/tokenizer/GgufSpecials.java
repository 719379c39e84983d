package dev.farspan.tokenizer;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The special tokens of a GGUF vocabulary and what encoding adds.
///
/// @param bos id of the begin-of-text token, or [#NONE]
/// @param ends ids at which the file itself says generation ends (`eos`, `eot`, `eom`)
/// @param eos id of the end-of-text token, or [#NONE]
/// @param unknown id of the unknown token, or [#NONE]
/// @param addBos whether encoding puts `bos` first
/// @param addEos whether encoding puts `eos` last
/// @param addSpacePrefix whether encoding puts a space before the first word
public record GgufSpecials(
    int bos,
    Set<Integer> ends,
    int eos,
    int unknown,
    boolean addBos,
    boolean addEos,
    boolean addSpacePrefix) {
  /// The id of a token the vocabulary does not have.
  public static final int NONE = -1;

  /// Checks that what is to be added exists.
  public GgufSpecials {
    ends = Set.copyOf(ends);
    if (addBos && bos == NONE) {
      throw new IllegalArgumentException(
          "the file asks for a begin-of-text token but tokenizer.ggml.bos_token_id is missing");
    }
    if (addEos && eos == NONE) {
      throw new IllegalArgumentException(
          "the file asks for an end-of-text token but tokenizer.ggml.eos_token_id is missing");
    }
  }

  /// Files that leave a flag out rely on llama.cpp's defaults: SentencePiece starts with `bos` and
  /// a space, byte-level BPE does neither unless its pre-tokenizer says so.
  static GgufSpecials read(GgufVocabulary.Metadata in, String model, String pre) {
    boolean sentencePiece = model.equals("llama");
    // llama.cpp's defaults for SentencePiece files without ids: unk 0, bos 1, eos 2.
    int bos = orElse(in.id("tokenizer.ggml.bos_token_id"), sentencePiece ? 1 : NONE);
    int eos = orElse(in.id("tokenizer.ggml.eos_token_id"), sentencePiece ? 2 : NONE);
    int unknown = orElse(in.id("tokenizer.ggml.unknown_token_id"), sentencePiece ? 0 : NONE);
    Set<Integer> ends = new TreeSet<>();
    for (String key : List.of("eos_token_id", "eot_token_id", "eom_token_id")) {
      ends.add(in.id("tokenizer.ggml." + key));
    }
    ends.add(eos);
    ends.remove(NONE);
    boolean addBos = sentencePiece || (PreTokenizer.addsBeginOfText(pre) && bos != NONE);
    return new GgufSpecials(
        bos,
        ends,
        eos,
        unknown,
        in.flag("tokenizer.ggml.add_bos_token", addBos),
        in.flag("tokenizer.ggml.add_eos_token", false),
        sentencePiece && in.flag("tokenizer.ggml.add_space_prefix", true));
  }

  Set<Integer> ids() {
    Set<Integer> ids = new TreeSet<>(ends);
    ids.addAll(List.of(bos, eos, unknown));
    return ids;
  }

  private static int orElse(int id, int otherwise) {
    return id == NONE ? otherwise : id;
  }
}
