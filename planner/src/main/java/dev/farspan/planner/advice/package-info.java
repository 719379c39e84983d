/// Which context methods are worth a measurement on a model. Start at [Candidates].
@NullMarked
package dev.farspan.planner.advice;

import org.jspecify.annotations.NullMarked;
