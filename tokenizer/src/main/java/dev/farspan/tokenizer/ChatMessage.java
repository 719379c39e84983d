package dev.farspan.tokenizer;

import java.util.Objects;

/// One message of a conversation.
///
/// @param role who speaks: `system`, `user`, `assistant`, or another role the model's template
///   knows
/// @param content the text
public record ChatMessage(String role, String content) {
  /// Checks that both are there.
  public ChatMessage {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
  }
}
