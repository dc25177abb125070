package dev.autograd.kernel.attention;

import dev.autograd.kernel.parallel.Workers;

/// The sizes of attention: for each of `batch` heads, queries `[queries, size]`, keys `[keys,
/// size]`, values and results of `valueSize`.
///
/// @param scale what the products of queries and keys are multiplied by
/// @param causal whether query i sees only the keys 0 to i
public record AttentionShape(
    int batch, int queries, int keys, int size, int valueSize, double scale, boolean causal) {

  /// Queries of a tile of weights. This and the number of keys are part of the result's definition.
  static final int ROWS = 64;

  private static final int COLUMNS = 128;

  /// As many keys as this are taken as one tile, so that no result is rescaled.
  private static final int ONE_TILE = 512;

  private static final double CHUNK_PRODUCTS = 1 << 20;

  /// Checks the sizes.
  ///
  /// @throws IllegalArgumentException if one is negative
  public AttentionShape {
    if (batch < 0 || queries < 0 || keys < 0 || size < 0 || valueSize < 0) {
      throw new IllegalArgumentException(
          "attention: sizes must not be negative, got batch "
              + batch
              + ", "
              + queries
              + " queries, "
              + keys
              + " keys, sizes "
              + size
              + " and "
              + valueSize);
    }
  }

  float scaleF32() {
    return (float) scale;
  }

  double scaleF64() {
    return scale;
  }

  /// Returns the keys of a tile of the result.
  int columns() {
    return keys <= ONE_TILE ? Math.max(1, keys) : COLUMNS;
  }

  /// Returns the keys of a tile of the gradients.
  int gradientColumns() {
    return Math.max(1, Math.min(keys, COLUMNS));
  }

  /// Returns how many tiles there are from the first query to the last.
  int down() {
    return (queries + ROWS - 1) / ROWS;
  }

  /// Returns how many tiles of a gradient there are from the first key to the last.
  int across() {
    return (keys + gradientColumns() - 1) / gradientColumns();
  }

  /// Returns the end of the keys that one of the queries before `end` sees.
  int seen(int end) {
    return causal ? Math.min(keys, end) : keys;
  }

  /// Returns the tiles of queries in a chunk of work, of `products` products of each query and key.
  int grain(int rows, int columns, int products) {
    double each = (double) rows * columns * Math.max(1, size + valueSize) * products / 2;
    return (int) Math.max(1, Math.min(1 << 20, CHUNK_PRODUCTS / Math.max(1, each)));
  }

  /// Returns whether there are heads enough for each thread to take whole ones, which spares it to
  /// compute weights twice. Bits do not depend on it.
  boolean hasHeadsForAll() {
    int threads = Workers.threads();
    return threads == 1 || 7 * batch >= 5 * threads;
  }
}
