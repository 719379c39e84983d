package dev.farspan.evaluation.store;

import dev.farspan.context.method.MethodSpec;
import java.time.LocalDate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A context method that measurements recommended for a model.
///
/// @param method the method
/// @param context tokens that were read when it was given; it says nothing about longer texts
/// @param date when
/// @param text what was read, in words
/// @param reason why, in words
public record Advice(MethodSpec method, int context, LocalDate date, String text, String reason) {

  ObjectNode json() {
    return JsonMapper.shared()
        .createObjectNode()
        .put("method", method.text())
        .put("context", context)
        .put("date", date.toString())
        .put("text", text)
        .put("reason", reason);
  }

  /// Reads what [#json] wrote.
  ///
  /// @throws IllegalArgumentException if there is no such method
  /// @throws java.time.DateTimeException if the date is none
  static Advice read(JsonNode object) {
    return new Advice(
        MethodSpec.parse(object.required("method").stringValue()),
        object.required("context").intValue(),
        LocalDate.parse(object.required("date").stringValue()),
        object.required("text").stringValue(),
        object.required("reason").stringValue());
  }
}
