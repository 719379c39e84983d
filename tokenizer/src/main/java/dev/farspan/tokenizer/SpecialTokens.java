package dev.farspan.tokenizer;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Which ids are special and what encoding adds around a text.
///
/// @param bos id of the begin-of-text token, or [#NONE]
/// @param before ids that encoding puts first
/// @param after ids that encoding puts last
/// @param ends ids at which generation stops
record SpecialTokens(int bos, List<Integer> before, List<Integer> after, Set<Integer> ends) {
  static final int NONE = -1;

  // Names under which chat models end a turn (the families' own tokenizer_config.json files).
  private static final Set<String> END_OF_TURN =
      Set.of(
          "<|im_end|>", // ChatML: SmolLM2, Qwen
          "<|endoftext|>", // GPT-2 and its kin
          "<|eot_id|>",
          "<|eom_id|>",
          "<|end_of_text|>", // Llama 3
          "<|eot|>",
          "<|eom|>", // Llama 4
          "<end_of_turn>", // Gemma
          "<|end|>", // Phi-3
          "<|return|>",
          "<|call|>", // gpt-oss
          "<|END_OF_TURN_TOKEN|>", // Command R
          "<｜end▁of▁sentence｜>", // DeepSeek
          "<|endofturn|>", // EXAONE 4
          "<end_of_utterance>"); // SmolVLM

  SpecialTokens {
    before = List.copyOf(before);
    after = List.copyOf(after);
    ends = Set.copyOf(ends);
  }

  boolean addsBos() {
    return bos != NONE && !before.isEmpty() && before.getFirst() == bos;
  }

  int[] around(int[] ids) {
    var text = IntStream.of(ids);
    return IntStream.concat(IntStream.concat(stream(before), text), stream(after)).toArray();
  }

  private static IntStream stream(List<Integer> ids) {
    return ids.stream().mapToInt(Integer::intValue);
  }

  static boolean isEndOfTurn(String token) {
    return END_OF_TURN.contains(token);
  }
}
