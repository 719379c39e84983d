package dev.farspan.evaluation.task.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import dev.farspan.evaluation.task.Question;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HttpJudgeTest {
  private static final Question QUESTION =
      new Question("\nWhat is best?", " Answer:", List.of("a sandwich"));
  private HttpServer server;
  private int status = 200;
  private String reply = "";
  private final AtomicReference<String> body = new AtomicReference<>();
  private final AtomicReference<String> authorization = new AtomicReference<>();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          body.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          authorization.set(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] bytes = reply.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private HttpJudge judge(String key) {
    URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/");
    return new HttpJudge(base, "grader", Optional.of(key).filter(k -> !k.isEmpty()));
  }

  private static String says(String content) {
    return "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"" + content + "\"}}]}";
  }

  @Test
  void aGradeIsATenth() {
    reply = says("Grade: 7.");
    assertThat(judge("secret").score(QUESTION, "an \"odd\" answer")).isCloseTo(0.7, within(1e-12));
    JsonNode sent = JsonMapper.shared().readTree(body.get());
    assertThat(sent.path("model").asString()).isEqualTo("grader");
    assertThat(sent.at("/messages/0/content").asString())
        .contains("What is best?", "a sandwich", "an \"odd\" answer");
    assertThat(authorization.get()).isEqualTo("Bearer secret");
    reply = says("10");
    assertThat(judge("").score(QUESTION, "x")).isEqualTo(1);
    assertThat(authorization.get()).isNull();
  }

  @Test
  void aJudgeThatDoesNotGradeIsAnError() {
    reply = says("I cannot say");
    fails("gave no grade from 1 to 10");
    reply = says("100");
    fails("gave no grade from 1 to 10");
    reply = "<html>";
    fails("answered with something that is not JSON");
    status = 401;
    fails("answered with status 401");
    server.stop(0);
    fails("cannot be reached");
  }

  private void fails(String sentence) {
    assertThatThrownBy(() -> judge("").score(QUESTION, "x"))
        .hasMessageContaining(sentence)
        .hasMessageContaining("check --judge");
  }
}
