package dev.farspan.cli.hub;

import java.util.regex.Pattern;

/// A model on the hub as a user names it: `org/repo`, or `org/repo:file.gguf`.
///
/// @param repository `org/repo`
/// @param file a file in it; empty for the whole model
public record HubName(String repository, String file) {
  private static final Pattern NAME =
      Pattern.compile("([\\w.-]+/[\\w.-]+)(?::([\\w. +-]+(?:/[\\w. +-]+)*\\.gguf))?");

  /// Returns the parts of a name.
  ///
  /// @param text the name
  /// @return its parts
  /// @throws IllegalArgumentException if it is no such name
  public static HubName parse(String text) {
    var matcher = NAME.matcher(text);
    if (!matcher.matches() || text.contains("..")) {
      throw new IllegalArgumentException(
          "'%s' is no model on the hub: write org/repo or org/repo:file.gguf".formatted(text));
    }
    String file = matcher.group(2);
    return new HubName(matcher.group(1), file == null ? "" : file);
  }

  /// Returns the repository without its organisation.
  ///
  /// @return the last part of [#repository]
  public String shortName() {
    return repository.substring(repository.indexOf('/') + 1);
  }
}
