package dev.farspan.evaluation.task;

import dev.farspan.tokenizer.ChatMessage;
import dev.farspan.tokenizer.ChatTemplate;
import java.util.List;

/// What a chat template puts around a user's message.
///
/// @param before the opening of the conversation and of the user's turn
/// @param after the end of the user's turn and the opening of the assistant's
public record ChatFrame(String before, String after) {
  /// Nothing: the prompt is plain text that the model continues.
  public static final ChatFrame NONE = new ChatFrame("", "");

  private static final String MARK = "FARSPAN-MESSAGE-HERE";

  /// Returns what a template puts around any message.
  ///
  /// @param template the model's chat template
  /// @return both parts
  /// @throws IllegalArgumentException if the template does not show the message once, as it is
  public static ChatFrame of(ChatTemplate template) {
    String rendered = template.render(List.of(new ChatMessage("user", MARK)), true);
    int at = rendered.indexOf(MARK);
    if (at < 0 || rendered.indexOf(MARK, at + 1) >= 0) {
      throw new IllegalArgumentException(
          "the model's chat template does not show a message once: leave out --chat");
    }
    return new ChatFrame(rendered.substring(0, at), rendered.substring(at + MARK.length()));
  }
}
