package dev.farspan.runtime.attention;

import dev.farspan.kernels.Kernels;

/// One worker's buffers for a tile; grown to the largest item and kept.
final class TileScratch {
  float[] queries = {}; // (rows, headDim)
  float[] rotated = {}; // (rows, headDim)
  float[] cos = {}; // (queries, pairs)
  float[] sin = {}; // (queries, pairs)
  float[] tile = {}; // keys (headDim, TILE), then values (TILE, headDim)
  float[] scores = {}; // (rows, TILE)
  int[] from = {}; // (rows)
  int[] to = {}; // (rows)

  void reserve(int rows, int headDim) {
    if (rows > from.length) {
      from = new int[rows];
      to = new int[rows];
      scores = new float[rows * Kernels.TILE];
    }
    if (rows * headDim > queries.length) {
      queries = new float[rows * headDim];
      rotated = new float[rows * headDim];
      cos = new float[rows * headDim / 2];
      sin = new float[rows * headDim / 2];
    }
    if (headDim * Kernels.TILE > tile.length) {
      tile = new float[headDim * Kernels.TILE];
    }
  }
}
