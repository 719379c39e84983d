/// How long a model will read and write, from a few short runs. Start at [PrefillTime].
@NullMarked
package dev.farspan.planner.time;

import org.jspecify.annotations.NullMarked;
