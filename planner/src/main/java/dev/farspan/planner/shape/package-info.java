/// What a model is made of, from its file, its configuration or a few sizes. Start at [ModelShape].
@NullMarked
package dev.farspan.planner.shape;

import org.jspecify.annotations.NullMarked;
