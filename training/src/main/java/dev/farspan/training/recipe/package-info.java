/// Recipes: small files that say how a model is trained, and the runs made from them.
///
/// In: a recipe, a model (or none, to train from nothing), text. Out: a model directory that the
/// engine runs. Start at [Recipe] and [Tuning].
package dev.farspan.training.recipe;
