/// The search for LongRoPE's divisors (arXiv 2402.13753): an evolution whose fitness is the loss of
/// the user's text.
///
/// In: a decoder, texts of the length to reach, known solutions. Out: the best divisors that were
/// met. Not here: what the divisors do ([dev.farspan.context.rope]). Start at [FactorSearch]; every
/// loss comes from [FactorFitness].
@NullMarked
package dev.farspan.evaluation.search;

import org.jspecify.annotations.NullMarked;
