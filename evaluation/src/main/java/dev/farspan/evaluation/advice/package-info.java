/// Chooses a context method by measurement: candidates read a text, longer and longer parts of it
/// as they are fewer, within a time; the last are asked for needles; one is recommended.
///
/// In: methods, and something that can read under them. Out: one method, its evidence, what was
/// left out. Start at [Race], then [Verdict].
@NullMarked
package dev.farspan.evaluation.advice;

import org.jspecify.annotations.NullMarked;
