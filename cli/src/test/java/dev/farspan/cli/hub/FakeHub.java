package dev.farspan.cli.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A Hugging Face hub of one repository on this machine: the list of files, redirects to a storage
/// with other authority, ranges; and what may go wrong on demand.
public final class FakeHub implements AutoCloseable {
  public static final String REPOSITORY = "org/Tiny-Model";

  private final HttpServer hub = server();
  private final HttpServer storage = server();
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Deque<Integer> breakAfter = new ArrayDeque<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private String requiredToken = "";
  private boolean corrupt;
  private boolean ignoreRanges;

  public FakeHub() {
    hub.createContext("/api/models/", exchange -> guarded(exchange, this::list));
    hub.createContext("/", exchange -> guarded(exchange, this::redirect));
    storage.createContext("/", this::bytes);
    hub.start();
    storage.start();
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public FakeHub with(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  /// The next transfer ends after so many bytes; call again for the one after it.
  public FakeHub breakAfter(int bytes) {
    breakAfter.add(bytes);
    return this;
  }

  public FakeHub requireToken(String token) {
    requiredToken = token;
    return this;
  }

  public FakeHub corrupting(boolean on) {
    corrupt = on;
    return this;
  }

  public FakeHub ignoringRanges() {
    ignoreRanges = true;
    return this;
  }

  /// `METHOD path range token` of every request to the storage.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  public URI endpoint() {
    return address(hub);
  }

  private static URI address(HttpServer server) {
    return URI.create(
        "http://%s:%d"
            .formatted(
                server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort()));
  }

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private void guarded(HttpExchange exchange, Answer answer) throws IOException {
    String sent = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    if (!requiredToken.isEmpty() && !sent.equals("Bearer " + requiredToken)) {
      exchange.sendResponseHeaders(401, -1);
      exchange.close();
    } else {
      answer.to(exchange);
    }
  }

  private void list(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/api/models/" + REPOSITORY)) {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    byte[] json =
        files.keySet().stream()
            .map("{\"rfilename\":\"%s\"}"::formatted)
            .collect(Collectors.joining(",", "{\"siblings\":[", "]}"))
            .getBytes();
    exchange.sendResponseHeaders(200, json.length);
    exchange.getResponseBody().write(json);
    exchange.close();
  }

  private void redirect(HttpExchange exchange) throws IOException {
    String prefix = "/" + REPOSITORY + "/resolve/main/";
    String path = exchange.getRequestURI().getPath();
    byte[] content = path.startsWith(prefix) ? files.get(path.substring(prefix.length())) : null;
    if (content == null) {
      exchange.sendResponseHeaders(404, -1);
    } else {
      var headers = exchange.getResponseHeaders();
      headers.add("X-Linked-Size", String.valueOf(content.length));
      headers.add("X-Linked-Etag", '"' + sha256(content) + '"');
      headers.add("Location", address(storage) + "/" + path.substring(prefix.length()));
      exchange.sendResponseHeaders(302, -1);
    }
    exchange.close();
  }

  private void bytes(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring(1);
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(
        "%s %s %s %s"
            .formatted(
                exchange.getRequestMethod(),
                path,
                range,
                exchange.getRequestHeaders().getFirst("Authorization")));
    byte[] content = files.get(path).clone();
    int from = 0;
    if (range != null && !ignoreRanges) {
      from = Integer.parseInt(range.replaceAll("\\D", ""));
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    if (corrupt) {
      content[content.length - 1] ^= 1;
    }
    int length = content.length - from;
    Integer limit = breakAfter.poll();
    exchange.sendResponseHeaders(range != null && !ignoreRanges ? 206 : 200, length);
    exchange
        .getResponseBody()
        .write(content, from, limit == null ? length : Math.min(limit, length));
    exchange.getResponseBody().flush();
    try {
      // Closing with bytes outstanding is what a lost connection looks like.
      exchange.close();
    } catch (IllegalStateException _) {
      // so does the server complain
    }
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    storage.stop(0);
  }
}
