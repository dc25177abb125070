package dev.autograd.kernel.conv;

/// How the outputs of a convolution are cut into tiles of four by four, and those into blocks whose
/// transforms stay in the second cache.
///
/// The rows of tiles of all images follow each other; a block is `rows` of them.
///
/// Note [Winograd's points]: `F(4, 3)`, four outputs of a filter of three, takes the values of
/// polynomials at six points. At 0, ±1, ±2 and infinity, the points that are usual because of their
/// cheap transforms, the result in two dimensions has 5 times the error (root mean square) of the
/// plain sum in f32; at 0, ±5/8, ±3/2 and infinity it has 2.3 times that error, all constants are
/// still exact in f32, and the transforms cost as much. Measured with 64 channels of normally
/// distributed numbers against a sum in f64, relative to the root mean square of the result: plain
/// sum 3.2e-7 (greatest 2.8e-6 of 48,000), F(2x2, 3x3) 2.6e-7 (1.3e-6), these points 7.5e-7
/// (6.1e-6), the usual points 1.6e-6 (2.5e-5).
///
/// @param x what one image to be read holds: channels, height, width, and the zeros above and left
/// @param outChannels channels of the second operand
/// @param across tiles of a row
/// @param down rows of tiles of an image
/// @param rows rows of tiles of a block
record TilePlan(Image x, int outChannels, int across, int down, int rows, int total) {
  /// Channels that lie side by side; every vector width divides it.
  static final int LANES = 16;

  /// Tiles of a product in registers.
  static final int ROWS = 6;

  /// Filters of a product in registers.
  static final int WIDTH = 64;

  private static final int BLOCK = 200_000;
  private static final int FEWEST = 24;

  /// The sizes of an image.
  record Image(int channels, int h, int w, int padTop, int padLeft) {}

  static TilePlan of(int n, Image x, int outChannels, int outH, int outW) {
    int across = (outW + 3) / 4;
    int down = (outH + 3) / 4;
    int depth = groups(x.channels()) + groups(outChannels);
    int most = Math.max(FEWEST, BLOCK / (36 * depth));
    int limit = Math.max(1, Math.min(n * down, most / across));
    int rows = limit;
    for (int r = limit - 1; 2 * r >= limit; r--) {
      // Products come by six tiles: the less a block leaves of the last six, the better.
      if (efficiency(r * across) > efficiency(rows * across) + 0.01) {
        rows = r;
      }
    }
    return new TilePlan(x, outChannels, across, down, rows, n * down);
  }

  private static double efficiency(int tiles) {
    return (double) tiles / sixes(tiles);
  }

  /// Returns the channels of whole groups.
  static int groups(int channels) {
    return (channels + LANES - 1) / LANES * LANES;
  }

  /// Returns the table `i step`, by which rows or terms of a product follow each other evenly.
  static int[] multiples(int count, int step) {
    int[] table = new int[count];
    for (int i = 0; i < count; i++) {
      table[i] = i * step;
    }
    return table;
  }

  private static int sixes(int tiles) {
    return (tiles + ROWS - 1) / ROWS * ROWS;
  }

  int blocks() {
    return (total + rows - 1) / rows;
  }

  /// Returns the tiles of a block, made up to whole products.
  int tiles() {
    return sixes(rows * across);
  }

  /// Returns the distance of components whose tiles have so many channels. The extra group keeps
  /// the components from falling into one set of the first cache.
  int component(int channels) {
    return tiles() * groups(channels) + LANES;
  }

  /// Returns the elements of a row of the strip that a row of tiles is read from.
  int stripRow() {
    return (4 * across + 2) * LANES;
  }

  /// Returns the elements of a row of the strip that a row of tiles is written to.
  int outRow() {
    return 4 * across * LANES;
  }

  /// Returns the elements of the strip that a block is read from.
  int strip() {
    return (4 * rows + 2) * stripRow();
  }
}
