/// Retrieval tasks: what is hidden in a text, what is asked, and how an answer is scored.
///
/// A [Task] lays out a sample as pieces of text; [SampleBuilder] makes tokens of them, exactly as
/// many as a length allows. In: seed, number, length, depth. Out: prompts and expected answers. Not
/// here: the model that answers. Start at [Task].
@NullMarked
package dev.farspan.evaluation.task;

import org.jspecify.annotations.NullMarked;
