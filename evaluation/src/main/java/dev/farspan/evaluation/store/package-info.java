/// Curves that outlive the run that measured them: beside an output, to go on where it stopped, and
/// beside a model, to choose by.
@NullMarked
package dev.farspan.evaluation.store;

import org.jspecify.annotations.NullMarked;
