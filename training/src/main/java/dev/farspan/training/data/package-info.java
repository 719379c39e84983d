/// What a model learns from: a byte-level vocabulary trained on the text itself, windows of that
/// text, and synthetic tasks that can only be solved by looking back.
///
/// Everything is a function of a seed: the same step draws the same examples, whether or not the
/// run was interrupted before it. Nothing here knows libtorch. Start at [ExampleSource].
package dev.farspan.training.data;
