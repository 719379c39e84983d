/// Curves for people and programs: a text table, a chart, a page, JSON.
///
/// Start at [ComparisonReport].
@NullMarked
package dev.farspan.evaluation.report;

import org.jspecify.annotations.NullMarked;
