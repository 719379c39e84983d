/// Runs of retrieval tasks: which cells there are, what a model answers, what came out.
///
/// In: tasks, methods, a grid. Out: one finished cell after another, kept at once. Start at [Exam].
@NullMarked
package dev.farspan.evaluation.task.run;

import org.jspecify.annotations.NullMarked;
