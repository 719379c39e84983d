package dev.farspan.evaluation.cells;

import tools.jackson.databind.JsonNode;

/// One finished measurement.
///
/// @param key what tells it from the others of its run: method, length, depth, seed
/// @param value what was measured
public record Cell(Labels key, JsonNode value) {}
