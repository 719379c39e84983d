/// The part of the Jinja language that chat templates are written in, with the meaning Jinja 3.1
/// gives it under the settings transformers uses (`trim_blocks`, `lstrip_blocks`, loop controls,
/// immutable sandbox).
///
/// In: template source and variables. Out: text. What is not implemented is refused with the line
/// it stands on, never skipped. Reading order: [Template], [Lexer], [Parser], [Renderer],
/// [Evaluator].
@NullMarked
package dev.farspan.tokenizer.jinja;

import org.jspecify.annotations.NullMarked;
