/// Text in, text out: a model opened from a file, and generation under a context method.
///
/// The only package of the runtime that knows a tokenizer. Start at [Model] and [Generator].
@NullMarked
package dev.farspan.runtime.engine;

import org.jspecify.annotations.NullMarked;
