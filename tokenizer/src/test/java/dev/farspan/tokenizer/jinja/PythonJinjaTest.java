package dev.farspan.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.farspan.tokenizer.Golden;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every snippet prints what Jinja2 prints, and fails where Jinja2 fails; see
/// src/test/python/chat_templates.py.
class PythonJinjaTest {
  private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 7, 4, 9, 5, 3, 0, ZoneOffset.UTC);

  @TestFactory
  Stream<DynamicTest> snippetsPrintWhatJinja2Prints() {
    JsonNode golden = Golden.read("jinja-language");
    Map<String, Object> variables = new HashMap<>(values(golden.get("variables")));
    variables.put("messages", JsonMapper.shared().convertValue(golden.get("messages"), List.class));
    return golden.get("cases").valueStream().map(test -> snippet(test, variables));
  }

  private static DynamicTest snippet(JsonNode test, Map<String, Object> variables) {
    String source = test.get("source").stringValue();
    return DynamicTest.dynamicTest(
        source,
        () -> {
          if (test.has("rendered")) {
            assertThat(render(source, variables)).isEqualTo(test.get("rendered").stringValue());
          } else {
            assertThatThrownBy(() -> render(source, variables))
                .isInstanceOf(TemplateException.class)
                .hasMessageNotContaining("\n");
          }
        });
  }

  private static String render(String source, Map<String, ?> variables) {
    return Template.parse(source).render(variables, List.of("tools", "documents"), NOW);
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> values(JsonNode node) {
    return JsonMapper.shared().convertValue(node, Map.class);
  }
}
