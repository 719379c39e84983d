/// What a request says about its context: one grammar for command line and Java.
///
/// [MethodSpec] is what was asked for, [Method] what that means for one model and one prompt. Start
/// at [MethodSpec#parse].
@NullMarked
package dev.farspan.context.method;

import org.jspecify.annotations.NullMarked;
