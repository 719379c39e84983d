/// Fetches models from the Hugging Face hub: resumable, and checked before anything has its name.
@NullMarked
package dev.farspan.cli.hub;

import org.jspecify.annotations.NullMarked;
