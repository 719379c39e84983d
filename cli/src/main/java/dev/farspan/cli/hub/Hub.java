package dev.farspan.cli.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The HTTP side of the Hugging Face hub: which files a repository has, and their bytes.
///
/// A file's address answers with a redirect to where it is stored; the redirect, not the storage,
/// carries its size and checksum (`X-Linked-Size`, `X-Linked-Etag`). The token goes to the hub
/// alone.
public final class Hub {
  private static final int MOST_REDIRECTS = 10;
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final URI endpoint;
  private final String token;
  private final HttpClient client;

  /// Makes a client.
  ///
  /// @param endpoint `https://huggingface.co` or a mirror
  /// @param token an access token; empty for none
  public Hub(URI endpoint, String token) {
    this.endpoint = endpoint;
    this.token = token;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(30))
            .build();
  }

  /// Returns the files of a repository.
  ///
  /// @param repository `org/repo`
  /// @return their paths in the repository
  /// @throws HubException if there is no such repository or it may not be read
  /// @throws IOException if the hub cannot be reached
  List<String> files(String repository) throws IOException {
    Answer answer = follow("GET", address("api/models/" + repository), "");
    try (InputStream body = answer.body()) {
      require(answer, repository);
      JsonNode siblings = JsonMapper.shared().readTree(body).path("siblings");
      List<String> names = new ArrayList<>();
      siblings.forEach(sibling -> names.add(sibling.path("rfilename").asString("")));
      return names;
    } catch (JacksonException e) {
      throw new HubException(
          "%s did not answer with a list of the files of %s: check HF_ENDPOINT"
              .formatted(endpoint, repository),
          e);
    }
  }

  /// Returns what a file must turn out to be.
  RemoteFile describe(String repository, String path) throws IOException {
    Answer answer = follow("HEAD", address(repository + "/resolve/main/" + path), "");
    answer.body().close();
    require(answer, repository + ":" + path);
    if (answer.size().isEmpty()) {
      throw new HubException(
          "%s does not tell the size of %s:%s, so it cannot be checked"
              .formatted(endpoint, repository, path));
    }
    return new RemoteFile(
        repository, path, answer.size().getAsLong(), Checksum.ofEntityTag(answer.tag()));
  }

  /// Returns the bytes of a file from an offset on.
  ///
  /// @throws IOException if the server answers with anything else, or not at all
  Body open(RemoteFile file, long from) throws IOException {
    String range = from == 0 ? "" : "bytes=" + from + "-";
    Answer answer =
        follow("GET", address(file.repository() + "/resolve/main/" + file.path()), range);
    require(answer, file.repository() + ":" + file.path());
    if (answer.status() == 200) {
      return new Body(answer.body(), 0);
    }
    String sent = answer.last().headers().firstValue("Content-Range").orElse("");
    if (!sent.startsWith("bytes " + from + "-")) {
      answer.body().close();
      throw new IOException("asked for %s, the server sent '%s'".formatted(range, sent));
    }
    return new Body(answer.body(), from);
  }

  /// Bytes of a file.
  ///
  /// @param stream the bytes, to be closed
  /// @param from offset of the first; 0 if the server ignored what was asked for
  record Body(InputStream stream, long from) {}

  /// The last answer of a chain of redirects, and what the chain told of the file.
  private record Answer(HttpResponse<InputStream> last, OptionalLong size, String tag) {
    int status() {
      return last.statusCode();
    }

    InputStream body() {
      return last.body();
    }
  }

  private Answer follow(String method, URI first, String range) throws IOException {
    URI uri = first;
    for (int hop = 0; hop < MOST_REDIRECTS; hop++) {
      HttpResponse<InputStream> response = send(method, uri, range);
      var headers = response.headers();
      boolean redirect = response.statusCode() / 100 == 3;
      OptionalLong linked = headers.firstValueAsLong("X-Linked-Size");
      if (!redirect || (method.equals("HEAD") && linked.isPresent())) {
        OptionalLong size =
            linked.isPresent() ? linked : headers.firstValueAsLong("Content-Length");
        String tag =
            headers.firstValue("X-Linked-Etag").or(() -> headers.firstValue("ETag")).orElse("");
        return new Answer(response, size, tag);
      }
      response.body().close();
      String location = headers.firstValue("Location").orElse("");
      uri = uri.resolve(location);
    }
    throw new IOException(first + " redirects in circles");
  }

  private HttpResponse<InputStream> send(String method, URI uri, String range) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(ANSWER)
            .header("User-Agent", "farspan")
            // The size and the checksum are those of the bytes as they are.
            .header("Accept-Encoding", "identity")
            .method(method, BodyPublishers.noBody());
    if (!token.isEmpty() && isHub(uri)) {
      request.header("Authorization", "Bearer " + token);
    }
    if (!range.isEmpty()) {
      request.header("Range", range);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IOException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new IOException("%s cannot be reached: %s".formatted(uri.getAuthority(), reason), e);
    }
  }

  private boolean isHub(URI uri) {
    return endpoint.getScheme().equals(uri.getScheme())
        && endpoint.getAuthority().equals(uri.getAuthority());
  }

  private void require(Answer answer, String what) throws IOException {
    int status = answer.status();
    if (status == 200 || status == 206 || status / 100 == 3) {
      return;
    }
    answer.body().close();
    switch (status) {
      case 404 ->
          throw new HubException("there is no %s at %s: check the name".formatted(what, endpoint));
      // The hub answers 401 for a repository that does not exist, too.
      case 401, 403 ->
          throw new HubException(
              "%s does not give out %s: check the name, accept the model's licence there, and set HF_TOKEN to an access token"
                  .formatted(endpoint, what));
      default -> throw new IOException("%s answered %d for %s".formatted(endpoint, status, what));
    }
  }

  private URI address(String path) {
    String encoded =
        Arrays.stream(path.split("/"))
            .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/"));
    String base = endpoint.toString();
    return URI.create(base + (base.endsWith("/") ? "" : "/") + encoded);
  }
}
