/// The tasks of RULER (arXiv 2404.06654), and two in the style of NoLiMa and BABILong, made from
/// what can be shipped.
///
/// Written from the published procedure; the wording of the prompts is that of NVIDIA/RULER
/// `scripts/data/synthetic/constants.py`, so that results can be compared as far as the haystacks
/// allow. Where a task differs, its class says so.
@NullMarked
package dev.farspan.evaluation.task.ruler;

import org.jspecify.annotations.NullMarked;
