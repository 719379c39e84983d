/// Loss by position: how well a model predicts the next token, the further it reads.
///
/// In: a decoder, the tokens of a text, methods. Out: one [LossCurve] for each method, and
/// [dev.farspan.evaluation.store.Evidence] that can be kept beside the model. Not here: tables and
/// pictures, which are in `report`. Start at [Comparison]; the definition is in [LossSink].
@NullMarked
package dev.farspan.evaluation;

import org.jspecify.annotations.NullMarked;
