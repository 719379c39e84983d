package dev.farspan.tokenizer.jinja;

import java.util.Map;

/// What `namespace(...)` makes: the one value a template may change.
///
/// @param values its attributes
record Namespace(Map<String, Object> values) {}
