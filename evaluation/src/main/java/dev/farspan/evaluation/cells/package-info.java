/// Finished measurements on disk, so that an interrupted evaluation goes on where it stopped.
///
/// In: a measurement's key and its value as JSON. Out: the same, in this run or a later one. Not
/// here: what a measurement is. Start at [Cells].
@NullMarked
package dev.farspan.evaluation.cells;

import org.jspecify.annotations.NullMarked;
