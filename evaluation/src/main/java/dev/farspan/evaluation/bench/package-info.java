/// How fast a model reads and writes on this machine, and how near that is to what the machine
/// allows.
///
/// Start at [Benchmark]; [ModelWork] is the arithmetic behind the fractions.
@NullMarked
package dev.farspan.evaluation.bench;

import org.jspecify.annotations.NullMarked;
