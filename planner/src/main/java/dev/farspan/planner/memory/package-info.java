/// How much memory a model needs to read a text, and what would need less. Start at [MemoryPlan].
@NullMarked
package dev.farspan.planner.memory;

import org.jspecify.annotations.NullMarked;
