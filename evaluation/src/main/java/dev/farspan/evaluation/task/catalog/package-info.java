/// The tasks that are shipped, by name. Start at [TaskCatalog].
@NullMarked
package dev.farspan.evaluation.task.catalog;

import org.jspecify.annotations.NullMarked;
