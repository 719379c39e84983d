/// Published sizes of KV caches, and which arithmetic each of them is. Start at [PublishedClaim].
@NullMarked
package dev.farspan.planner.claims;

import org.jspecify.annotations.NullMarked;
