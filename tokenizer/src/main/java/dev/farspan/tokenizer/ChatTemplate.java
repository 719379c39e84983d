package dev.farspan.tokenizer;

import dev.farspan.tokenizer.jinja.Template;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Turns a conversation into the prompt a chat model was trained on, by the Jinja template that
/// comes with the model, with the same result as transformers' `apply_chat_template`.
///
/// The prompt holds its special tokens as text: encode it without adding any. Templates may use
/// what chat templates use of Jinja; anything else is an error when the template is read, or, where
/// only the values tell, when it is rendered. A prompt is never silently wrong.
public final class ChatTemplate {
  private final Template template;
  private final Map<String, Object> constants;
  private final Clock clock;

  private ChatTemplate(Template template, Map<String, Object> constants, Clock clock) {
    this.template = template;
    this.constants = constants;
    this.clock = clock;
  }

  /// Returns the chat template in that source.
  ///
  /// @param jinja the template as tokenizer_config.json, chat_template.jinja or GGUF's
  ///   `tokenizer.chat_template` hold it
  /// @param bosToken text of the begin-of-text token; empty if the model has none
  /// @param eosToken text of the end-of-text token; empty if the model has none
  /// @return the chat template
  /// @throws IllegalArgumentException if the template is malformed or uses what is not supported
  public static ChatTemplate of(String jinja, String bosToken, String eosToken) {
    return of(jinja, bosToken, eosToken, Clock.system(ZoneId.systemDefault()));
  }

  static ChatTemplate of(String jinja, String bosToken, String eosToken, Clock clock) {
    Map<String, Object> constants = new HashMap<>();
    // As in transformers a token the model does not have is undefined, not empty.
    if (!bosToken.isEmpty()) {
      constants.put("bos_token", bosToken);
    }
    if (!eosToken.isEmpty()) {
      constants.put("eos_token", eosToken);
    }
    return new ChatTemplate(Template.parse(jinja), constants, clock);
  }

  /// Returns the prompt for a conversation.
  ///
  /// @param messages the conversation so far
  /// @param addGenerationPrompt whether to end with the opening of the assistant's next turn
  /// @return the prompt
  /// @throws IllegalArgumentException if the template refuses the conversation
  public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    return render(messages, addGenerationPrompt, Map.of());
  }

  /// Returns the prompt for a conversation, with further variables for the template.
  ///
  /// @param messages the conversation so far
  /// @param addGenerationPrompt whether to end with the opening of the assistant's next turn
  /// @param variables what else the template may ask for, such as `enable_thinking`: text, numbers,
  ///   booleans, lists and maps
  /// @return the prompt
  /// @throws IllegalArgumentException if the template refuses the conversation
  public String render(
      List<ChatMessage> messages, boolean addGenerationPrompt, Map<String, ?> variables) {
    Map<String, Object> values = new HashMap<>(constants);
    values.putAll(variables);
    values.put("messages", messages.stream().map(ChatTemplate::map).toList());
    values.put("add_generation_prompt", addGenerationPrompt);
    // transformers always passes these two, as None where there are none.
    return template.render(values, List.of("tools", "documents"), ZonedDateTime.now(clock));
  }

  private static Map<String, String> map(ChatMessage message) {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("role", message.role());
    out.put("content", message.content());
    return out;
  }
}
