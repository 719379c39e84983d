package dev.farspan.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Templates of the chat model families against Jinja2; see src/test/python/chat_templates.py.
class ChatTemplateTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-07-04T09:05:03Z"), ZoneOffset.UTC);

  @TestFactory
  Stream<DynamicTest> conversationsRenderAsInTransformers() {
    return Golden.read("chat-templates").get("cases").valueStream().map(ChatTemplateTest::test);
  }

  private static DynamicTest test(JsonNode test) {
    String name = test.get("template").stringValue() + ": " + test.get("title").stringValue();
    return DynamicTest.dynamicTest(
        name + " " + test.get("add_generation_prompt") + " " + test.get("variables"),
        () -> {
          if (test.has("rendered")) {
            assertThat(render(test)).isEqualTo(test.get("rendered").stringValue());
          } else {
            assertThatThrownBy(() -> render(test)).isInstanceOf(IllegalArgumentException.class);
          }
        });
  }

  @SuppressWarnings("unchecked")
  private static String render(JsonNode test) throws IOException {
    String source;
    try (var in =
        ChatTemplateTest.class.getResourceAsStream("/chat/" + test.get("template").stringValue())) {
      source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode message : test.get("messages")) {
      messages.add(
          new ChatMessage(message.get("role").stringValue(), message.get("content").stringValue()));
    }
    Map<String, ?> variables = JsonMapper.shared().convertValue(test.get("variables"), Map.class);
    return ChatTemplate.of(
            source, test.get("bos").stringValue(), test.get("eos").stringValue(), CLOCK)
        .render(messages, test.get("add_generation_prompt").booleanValue(), variables);
  }

  @Test
  void aRefusalCarriesTheTemplatesOwnWords() {
    var template = ChatTemplate.of("{{ raise_exception('roles must alternate') }}", "", "");
    assertThatThrownBy(() -> template.render(List.of(), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the chat template refuses the conversation: roles must alternate");
  }

  @Test
  void whatIsNotSupportedIsRefusedWhenTheTemplateIsRead() {
    assertThatThrownBy(() -> ChatTemplate.of("a\n{% include 'x' %}", "", ""))
        .hasMessage("chat template, line 2: the tag 'include' is not supported");
    assertThatThrownBy(() -> ChatTemplate.of("{{ messages | xmlattr }}", "", ""))
        .hasMessage("chat template, line 1: the filter 'xmlattr' is not supported");
    assertThatThrownBy(() -> ChatTemplate.of("{% if x is filter %}{% endif %}", "", ""))
        .hasMessage("chat template, line 1: the test 'is filter' is not supported");
  }

  @Test
  void aTemplateCannotExhaustTheMachine() {
    String nested = "(".repeat(100_000) + "1" + ")".repeat(100_000);
    assertThatThrownBy(() -> ChatTemplate.of("{{ " + nested + " }}", "", ""))
        .hasMessageContaining("nested too deeply");
    var endless = ChatTemplate.of("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "", "");
    assertThatThrownBy(() -> endless.render(List.of(), false)).hasMessageContaining("too deeply");
    var huge = ChatTemplate.of("{{ 'x' * 10 ** 9 }}", "", "");
    assertThatThrownBy(() -> huge.render(List.of(), false)).hasMessageContaining("too long");
    var lazy = ChatTemplate.of("{{ messages | map('upper') }}", "", "");
    assertThatThrownBy(() -> lazy.render(List.of(), false)).hasMessageContaining("|list");
  }
}
