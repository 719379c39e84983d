/// Perplexity: how well a model predicts texts, read in windows of a stated length.
///
/// In: a decoder, documents as token ids, methods, lengths, a [Protocol]. Out: the loss of every
/// [Pass] as a cell, and from these [Perplexities] with confidence intervals. Not here: pages and
/// pictures. Start at [PerplexityRun]; what is counted is defined in [Protocol] and [PassLoss].
@NullMarked
package dev.farspan.evaluation.perplexity;

import org.jspecify.annotations.NullMarked;
