package dev.farspan.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HfTokenizerTest {
  private static final String LLAMA =
      """
      {"version":"1.0",
       "added_tokens":[
        {"id":0,"content":"<unk>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
        {"id":1,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
        {"id":6,"content":"<end_of_turn>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
       "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},
        {"type":"Replace","pattern":{"String":" "},"content":"▁"}]},
       "post_processor":{"type":"TemplateProcessing",
        "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
        "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
        "special_tokens":{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]}}},
       "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},
        {"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},
       "model":{"type":"BPE","unk_token":"<unk>","fuse_unk":true,"byte_fallback":true,
        "vocab":{"<unk>":0,"<s>":1,"▁":2,"a":3,"▁a":4,"<0x0A>":5},"merges":["▁ a"]}}
      """;

  @TempDir Path folder;

  private Tokenizer open(String json, String config) throws IOException {
    Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), json);
    Path beside = Files.writeString(folder.resolve("tokenizer_config.json"), config);
    return HfTokenizer.open(tokenizer, beside);
  }

  @Test
  void theTokenizersOwnTemplateAddsBeginOfText() throws IOException {
    try (Tokenizer tokenizer =
        open(LLAMA, "{\"bos_token\":\"<s>\",\"eos_token\":{\"content\":\"<unk>\"}}")) {
      assertThat(tokenizer.encode("a a\n", true)).containsExactly(1, 4, 4, 5);
      assertThat(tokenizer.encode("a a\n", false)).containsExactly(4, 4, 5);
      assertThat(tokenizer.decode(4, 4, 5)).isEqualTo("a a\n");
      assertThat(tokenizer.addsBeginOfText()).isTrue();
      assertThat(tokenizer.beginOfText()).hasValue(1);
      assertThat(tokenizer.endOfText()).containsExactlyInAnyOrder(0, 6);
      assertThat(tokenizer.vocabSize()).isEqualTo(7);
      assertThat(tokenizer.tokenText(4)).isEqualTo("▁a");
    }
  }

  @Test
  void theConfigurationOverrulesTheTemplate() throws IOException {
    try (Tokenizer tokenizer = open(LLAMA, "{\"bos_token\":\"<s>\",\"add_bos_token\":false}")) {
      assertThat(tokenizer.encode("a", true)).containsExactly(4);
      assertThat(tokenizer.addsBeginOfText()).isFalse();
    }
  }

  @Test
  void whatCannotBeDecodedIsRefused() {
    String wordPiece =
        LLAMA.replaceAll(
            "(?s)\"decoder\":.*?\"model\"", "\"decoder\":{\"type\":\"CTC\"},\"model\"");
    assertThatThrownBy(() -> open(wordPiece, "{}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("decoder that is not supported");
    assertThatThrownBy(() -> open(LLAMA, "{\"bos_token\":\"<x>\"}"))
        .hasMessageContaining("has no token '<x>'");
    assertThatThrownBy(() -> open("{", "{}")).hasMessageContaining("as JSON");
    assertThatThrownBy(() -> open(LLAMA.replace("\"<0x0A>\":5", "\"<0x0A>\":2000000000"), "{}"))
        .hasMessageContaining("ids up to 2000000000");
  }

  @Test
  void theTemplateBesideTheConfigurationCounts() throws IOException {
    Path file = folder.resolve("tokenizer_config.json");
    Files.writeString(file, "{\"chat_template\":[{\"name\":\"default\",\"template\":\"one\"}]}");
    assertThat(TokenizerConfig.read(file).chatTemplate()).hasValue("one");
    Files.writeString(folder.resolve("chat_template.jinja"), "two");
    assertThat(TokenizerConfig.read(file).chatTemplate()).hasValue("two");
  }
}
