package dev.farspan.formats.gguf;

import dev.farspan.tensor.Shape;

/// What a GGUF file says about one tensor, readable or not.
///
/// @param name its name
/// @param type how its elements are stored
/// @param shape its extents, outermost first (the file has them innermost first)
/// @param offset where its bytes start in the data of its file
/// @param bytes how many they are
public record GgufTensorInfo(String name, GgmlType type, Shape shape, long offset, long bytes) {}
