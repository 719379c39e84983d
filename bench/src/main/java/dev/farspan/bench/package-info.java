/// Benchmarks of the hot kernels at the sizes of SmolLM2-135M: hidden size 576, intermediate size
/// 1536, 9 query and 3 key/value heads of 64 elements.
///
/// Every benchmark is a [CheckedBenchmark]: it compares the answer of the fast kernel with a plain
/// reference before anything is timed. `bench/run` runs them; the tests run every check.
@NullMarked
package dev.farspan.bench;

import org.jspecify.annotations.NullMarked;
