/// How far long work has come, and when it is going to end.
@NullMarked
package dev.farspan.cli.progress;

import org.jspecify.annotations.NullMarked;
