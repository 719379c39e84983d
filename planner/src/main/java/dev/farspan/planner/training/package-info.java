/// What it costs to train a model for a long context, and to extend one. Start at [TrainingCost].
@NullMarked
package dev.farspan.planner.training;

import org.jspecify.annotations.NullMarked;
