/// Which keys a query sees and at which relative position.
///
/// An [AttentionPattern] is a list of [Branch]es: runs of keys with one rule of position each. Both
/// are pure functions of the two indices, so a naive reference is a few lines and every fast path
/// is tested against it. Start at [AttentionPattern]. One page per method: `docs/methods/`.
@NullMarked
package dev.farspan.context.attention;

import org.jspecify.annotations.NullMarked;
