/// Processes that train one model together: how they meet, and what they add up.
@NullMarked
package dev.farspan.training.parallel;

import org.jspecify.annotations.NullMarked;
