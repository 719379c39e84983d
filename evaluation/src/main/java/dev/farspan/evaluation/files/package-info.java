/// What stored results and reports share: the JSON of curves.
@NullMarked
package dev.farspan.evaluation.files;

import org.jspecify.annotations.NullMarked;
