package dev.farspan.runtime.attention;

import dev.farspan.kernels.Kernels;

/// One worker's buffers for a tile; grown to the largest item and kept.
final class TileScratch {
  float[] queries = {}; // (rows, headDim)
  float[] rotated = {}; // (rows, headDim)
  float[] cos = {}; // (rows, pairs)
  float[] sin = {}; // (rows, pairs)
  float[] keys = {}; // (headDim, TILE)
  float[] values = {}; // (TILE, headDim)
  float[] scores = {}; // (rows, TILE)
  float[] max = {}; // (rows)
  float[] sum = {}; // (rows)
  float[] out = {}; // (rows, headDim)
  int[] from = {}; // (rows)
  int[] to = {}; // (rows)

  void reserve(int rows, int headDim) {
    if (rows > max.length) {
      max = new float[rows];
      sum = new float[rows];
      from = new int[rows];
      to = new int[rows];
      scores = new float[rows * Kernels.TILE];
    }
    if (rows * headDim > queries.length) {
      queries = new float[rows * headDim];
      rotated = new float[rows * headDim];
      out = new float[rows * headDim];
      cos = new float[rows * headDim / 2];
      sin = new float[rows * headDim / 2];
    }
    if (headDim * Kernels.TILE > keys.length) {
      keys = new float[headDim * Kernels.TILE];
      values = new float[headDim * Kernels.TILE];
    }
  }
}
