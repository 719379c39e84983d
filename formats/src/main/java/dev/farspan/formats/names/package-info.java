/// What models of a family call their tensors in either format.
///
/// In: a model's shape. Out: pairs of names. Not here: reading tensors, and converting them
/// (`export`).
package dev.farspan.formats.names;
