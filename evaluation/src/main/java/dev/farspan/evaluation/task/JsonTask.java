package dev.farspan.evaluation.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A task that a JSON file describes; the keys are in docs/tasks.md, and any other is an error.
public final class JsonTask implements Task {
  private static final Set<String> KEYS =
      Set.of(
          "name",
          "asks",
          "opening",
          "filling",
          "needles",
          "questions",
          "values",
          "scoring",
          "answer_tokens");
  private static final Set<String> QUESTION_KEYS = Set.of("text", "answer_prefix", "expected");
  private static final Set<String> VALUE_KEYS = Set.of("digits", "letters", "uuid");
  private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");
  private static final int ANSWER_TOKENS = 32;

  private final String source;
  private final JsonNode json;
  private final TaskFacts facts;

  private JsonTask(String source, JsonNode json) {
    this.source = source;
    this.json = json;
    requireKnown(json, KEYS, "a task");
    this.facts =
        new TaskFacts(
            text(json, "name"),
            json.has("asks") ? text(json, "asks") : text(json, "name"),
            Scoring.of(json.has("scoring") ? text(json, "scoring") : "all"),
            json.has("answer_tokens") ? count(json, "answer_tokens") : ANSWER_TOKENS,
            true);
    layout(new Draw(0, 0, 1, 0)); // what is wrong is said before anything runs
  }

  /// Reads a task.
  ///
  /// @param source name of the file, for errors
  /// @param content the file's text
  /// @return the task
  /// @throws IllegalArgumentException if it is not JSON, or a key is unknown, missing or of another
  ///   kind than it should be
  public static JsonTask read(String source, String content) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(content);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          source + " is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    }
    return new JsonTask(source, json);
  }

  @Override
  public TaskFacts facts() {
    return facts;
  }

  @Override
  public Layout layout(Draw draw) {
    RandomGenerator random = draw.random(facts.name());
    Map<String, String> values = values(random);
    List<String> needles = texts(json, "needles");
    List<Insert> inserts = new ArrayList<>();
    for (int n = 0; n < needles.size(); n++) {
      double depth = draw.depth() + n * (100 - draw.depth()) / needles.size();
      inserts.add(new Insert(filled(needles.get(n), values), depth));
    }
    List<Question> questions = new ArrayList<>();
    for (JsonNode question : array(json, "questions")) {
      requireKnown(question, QUESTION_KEYS, "a question");
      questions.add(
          new Question(
              filled(text(question, "text"), values),
              question.has("answer_prefix") ? filled(text(question, "answer_prefix"), values) : "",
              texts(question, "expected").stream().map(e -> filled(e, values)).toList()));
    }
    String opening = json.has("opening") ? filled(text(json, "opening"), values) : "";
    return new Layout(opening, filling(), inserts, questions);
  }

  private Filling filling() {
    if (!json.has("filling")) {
      return new Filling.Running();
    }
    List<String> repeated = texts(json, "filling");
    if (repeated.isEmpty() || repeated.contains("")) {
      throw wrong("filling", "a list of pieces to repeat");
    }
    return new Filling.Pieces(
        count -> {
          List<String> pieces = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            pieces.add(repeated.get(i % repeated.size()));
          }
          return pieces;
        });
  }

  /// Draws every value once for a sample: one of a list, or digits, letters, a uuid.
  private Map<String, String> values(RandomGenerator random) {
    Map<String, String> values = new LinkedHashMap<>();
    if (json.has("values")) {
      for (Map.Entry<String, JsonNode> entry : json.get("values").properties()) {
        values.put(entry.getKey(), value(entry.getKey(), entry.getValue(), random));
      }
    }
    return values;
  }

  private String value(String name, JsonNode rule, RandomGenerator random) {
    if (rule.isArray() && !rule.isEmpty()) {
      return rule.get(random.nextInt(rule.size())).asString();
    }
    requireKnown(rule, VALUE_KEYS, "the value '" + name + "'");
    if (rule.has("digits")) {
      return Words.digits(random, count(rule, "digits"));
    }
    if (rule.has("letters")) {
      return Words.letters(random, 'a', count(rule, "letters"));
    }
    if (rule.has("uuid")) {
      return Words.uuid(random);
    }
    throw wrong(name, "a list of texts, or {\"digits\": N}, {\"letters\": N} or {\"uuid\": true}");
  }

  private String filled(String template, Map<String, String> values) {
    Matcher slots = SLOT.matcher(template);
    return slots.replaceAll(
        slot -> {
          String value = values.get(slot.group(1));
          if (value == null) {
            throw new IllegalArgumentException(
                "%s uses {%s}, which is none of its values %s"
                    .formatted(source, slot.group(1), values.keySet()));
          }
          return Matcher.quoteReplacement(value);
        });
  }

  private void requireKnown(JsonNode object, Set<String> known, String what) {
    if (!object.isObject()) {
      throw new IllegalArgumentException(source + ": " + what + " is not a JSON object");
    }
    for (String key : object.propertyNames()) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "%s: %s has no key '%s'; there are %s"
                .formatted(source, what, key, known.stream().sorted().toList()));
      }
    }
  }

  private String text(JsonNode object, String key) {
    JsonNode value = object.get(key);
    if (value == null || !value.isString()) {
      throw wrong(key, "a text");
    }
    return value.asString();
  }

  private int count(JsonNode object, String key) {
    JsonNode value = object.get(key);
    if (value == null || !value.isInt() || value.asInt() < 1) {
      throw wrong(key, "a count of at least 1");
    }
    return value.asInt();
  }

  private List<JsonNode> array(JsonNode object, String key) {
    JsonNode value = object.get(key);
    if (value == null || !value.isArray() || value.isEmpty()) {
      throw wrong(key, "a list that is not empty");
    }
    return List.copyOf(value.values());
  }

  private List<String> texts(JsonNode object, String key) {
    return array(object, key).stream()
        .map(
            value -> {
              if (!value.isString()) {
                throw wrong(key, "a list of texts");
              }
              return value.asString();
            })
        .toList();
  }

  private IllegalArgumentException wrong(String key, String wanted) {
    return new IllegalArgumentException("%s: '%s' must be %s".formatted(source, key, wanted));
  }
}
