package dev.farspan.evaluation.task.run;

import dev.farspan.evaluation.task.Question;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A model behind an OpenAI-compatible endpoint that grades answers from 1 to 10 against the
/// reference, as the judge of gkamradt/LLMTest_NeedleInAHaystack does; the score is a tenth of it.
public final class HttpJudge implements Judge {
  private static final Pattern GRADE = Pattern.compile("(?<!\\d)(10|[1-9])(?!\\d)");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI endpoint;
  private final String model;
  private final Optional<String> key;

  /// Makes a judge.
  ///
  /// @param base where the endpoint is, for example `https://host/v1`
  /// @param model which of its models grades
  /// @param key sent as a bearer token, if there is one
  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // there may be no key
  public HttpJudge(URI base, String model, Optional<String> key) {
    String path = base.toString().replaceAll("/+$", "");
    this.endpoint = URI.create(path + "/chat/completions");
    this.model = model;
    this.key = key;
  }

  @Override
  public double score(Question question, String answer) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body(question, answer)));
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw failed("answered with status " + response.statusCode(), null);
      }
      return grade(response.body()) / 10.0;
    } catch (IOException e) {
      throw failed("cannot be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("was interrupted", e);
    }
  }

  private String body(Question question, String answer) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("model", model).put("temperature", 0);
    json.putArray("messages")
        .addObject()
        .put("role", "user")
        .put(
            "content",
            """
            Grade an answer against a reference. Reply with one whole number from 1 to 10 and \
            nothing else: 1 if the answer has nothing of the reference, 10 if it says all of it.

            Question: %s
            Reference: %s
            Answer: %s
            """
                .formatted(
                    question.text().strip(), String.join("; ", question.expected()), answer));
    return JsonMapper.shared().writeValueAsString(json);
  }

  private int grade(String response) {
    String content;
    try {
      JsonNode json = JsonMapper.shared().readTree(response);
      content = json.at("/choices/0/message/content").asString("");
    } catch (JacksonException e) {
      throw failed("answered with something that is not JSON", e);
    }
    Matcher grade = GRADE.matcher(content);
    if (!grade.find()) {
      throw failed("gave no grade from 1 to 10", null);
    }
    return Integer.parseInt(grade.group());
  }

  private IllegalStateException failed(String what, @Nullable Exception cause) {
    return new IllegalStateException(
        "the judge at %s %s: check --judge, --judge-model and FARSPAN_JUDGE_KEY, then run the same command again"
            .formatted(endpoint, what),
        cause);
  }
}
