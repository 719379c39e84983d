/// Texts to evaluate on: files, directories of documents, code bases.
///
/// In: paths. Out: [TextFile]s. A file that is no text is never read as one. Start at [TextFiles].
@NullMarked
package dev.farspan.evaluation.text;

import org.jspecify.annotations.NullMarked;
