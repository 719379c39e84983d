package dev.farspan.training.data;

import dev.farspan.formats.text.WholeFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A byte-level BPE vocabulary: id 0 ends a text, ids 1 to 256 are the bytes, then the merges in
/// the order they are applied.
///
/// @param merges the pairs that became tokens, first to last
public record BpeVocabulary(List<Merge> merges) {
  /// The text of token 0.
  public static final String END_OF_TEXT = "<|endoftext|>";

  /// Id of the first merge.
  static final int FIRST_MERGE = 257;

  private static final int[] BYTES = ByteAlphabet.bytesByLetter();
  private static final int[] IDS = ids();

  /// Two neighbouring tokens that become one.
  ///
  /// @param left id of the first
  /// @param right id of the second
  public record Merge(int left, int right) {}

  /// Copies the list.
  public BpeVocabulary {
    merges = List.copyOf(merges);
  }

  /// Returns how many tokens there are.
  ///
  /// @return ids run from 0 to one less
  public int size() {
    return FIRST_MERGE + merges.size();
  }

  /// Returns the tokens as a tokenizer.json spells them.
  ///
  /// @return one spelling for each id
  public List<String> spellings() {
    List<String> spellings = new ArrayList<>();
    spellings.add(END_OF_TEXT);
    for (int b : BYTES) {
      spellings.add(String.valueOf(ByteAlphabet.letter(b)));
    }
    for (Merge merge : merges) {
      spellings.add(spellings.get(merge.left()) + spellings.get(merge.right()));
    }
    return spellings;
  }

  /// Writes `tokenizer.json` and `tokenizer_config.json`, each whole or not at all.
  ///
  /// @param directory where to
  /// @throws java.io.UncheckedIOException if they cannot be written
  public void write(Path directory) {
    WholeFile.write(directory.resolve("tokenizer.json"), json().toPrettyString() + "\n");
    ObjectNode config = JsonMapper.shared().createObjectNode();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("bos_token", END_OF_TEXT);
    config.put("eos_token", END_OF_TEXT);
    config.put("add_bos_token", false);
    WholeFile.write(directory.resolve("tokenizer_config.json"), config.toPrettyString() + "\n");
  }

  /// Returns the ids of single bytes.
  static int[] bytes(byte[] text) {
    int[] ids = new int[text.length];
    for (int i = 0; i < text.length; i++) {
      ids[i] = IDS[text[i] & 0xFF];
    }
    return ids;
  }

  private static int[] ids() {
    int[] ids = new int[256];
    for (int rank = 0; rank < 256; rank++) {
      ids[BYTES[rank]] = 1 + rank;
    }
    return ids;
  }

  private ObjectNode json() {
    ObjectNode root = JsonMapper.shared().createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    ObjectNode end = root.putArray("added_tokens").addObject();
    end.put("id", 0).put("content", END_OF_TEXT).put("single_word", false);
    end.put("lstrip", false).put("rstrip", false).put("normalized", false).put("special", true);
    root.putNull("normalizer");
    ObjectNode cut = root.putObject("pre_tokenizer").put("type", "Sequence");
    ArrayNode steps = cut.putArray("pretokenizers");
    steps.addObject().put("type", "Digits").put("individual_digits", true);
    byteLevel(steps.addObject()).put("use_regex", true);
    root.putNull("post_processor");
    byteLevel(root.putObject("decoder")).put("use_regex", true);
    model(root.putObject("model"));
    return root;
  }

  private static ObjectNode byteLevel(ObjectNode node) {
    return node.put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true);
  }

  private void model(ObjectNode model) {
    model.put("type", "BPE").putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    List<String> spellings = spellings();
    ObjectNode vocab = model.putObject("vocab");
    for (int id = 0; id < spellings.size(); id++) {
      vocab.put(spellings.get(id), id);
    }
    ArrayNode pairs = model.putArray("merges");
    for (Merge merge : merges) {
      pairs.addArray().add(spellings.get(merge.left())).add(spellings.get(merge.right()));
    }
  }
}
