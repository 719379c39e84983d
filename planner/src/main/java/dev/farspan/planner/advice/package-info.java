/// Which context methods are worth measuring for a length, and which of them fit. Start at
/// [Candidates].
@NullMarked
package dev.farspan.planner.advice;

import org.jspecify.annotations.NullMarked;
