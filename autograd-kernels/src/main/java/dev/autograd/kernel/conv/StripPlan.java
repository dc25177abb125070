package dev.autograd.kernel.conv;

/// How a direct convolution reads images: in blocks, each a strip of whole lines, zeros included,
/// in which the channels of a group lie side by side.
///
/// A block is some rows of outputs of one image, or all rows of several. Which element of a strip
/// an output meets under an element of its filter is the sum of two table entries.
///
/// @param s the convolution
/// @param columns columns of a strip
/// @param pixel distance of neighbouring columns of a strip
/// @param rows output rows of a block
/// @param images images of a block
/// @param positions where the first element under the filter is, for each output of a block; made
///   up to whole products with the last
/// @param taps how far from there the others are, for each element of a filter in its own order;
///   made up likewise
record StripPlan(
    ConvShape s, int columns, int pixel, int rows, int images, int[] positions, int[] taps) {
  private static final int ROWS = TilePlan.ROWS;

  /// Channels at a multiple of this distance would compete for the same lines of the first cache.
  private static final int BAD_DISTANCE = 128;

  /// The outputs of a block: `rows` rows from `top` on, of `images` images from `image` on.
  record Block(int image, int images, int top, int rows) {}

  /// Plans blocks of at most `most` outputs, or of one row, whose strips have at most `size`
  /// elements, or the lines of one row.
  static StripPlan of(ConvShape s, int most, int size) {
    int columns = (s.outW() - 1) * s.strideW() + (s.kw() - 1) * s.dilationW() + 1;
    int channels = s.channelsPerGroup();
    int pixel = channels % BAD_DISTANCE == 0 ? channels + TilePlan.LANES : channels;
    int line = columns * pixel;
    int rows = Math.max(1, Math.min(s.outH(), most / s.outW()));
    while (rows > 1 && (long) lines(s, rows) * line > size) {
      rows--;
    }
    int images = 1;
    if (rows == s.outH()) {
      images = Math.min(most / s.outArea(), size / Math.max(1, lines(s, rows) * line));
      images = fullest(Math.max(1, Math.min(s.n(), images)), s.outArea());
    } else {
      rows = fullest(rows, s.outW());
    }
    int[] positions = new int[whole(images * rows * s.outW())];
    for (int p = 0; p < positions.length; p++) {
      int i = Math.min(p, images * rows * s.outW() - 1);
      int y = i / s.outW();
      int from = y / rows * lines(s, rows) + y % rows * s.strideH();
      positions[p] = from * line + i % s.outW() * s.strideW() * pixel;
    }
    int[] taps = new int[whole(s.depth())];
    for (int t = 0; t < taps.length; t++) {
      int i = Math.min(t, s.depth() - 1);
      int down = i / s.kw() % s.kh() * s.dilationH();
      int across = i % s.kw() * s.dilationW();
      taps[t] = down * line + across * pixel + i / (s.kw() * s.kh());
    }
    return new StripPlan(s, columns, pixel, rows, images, positions, taps);
  }

  /// Returns how many of at most `most` pieces of `each` outputs leave least of the last product.
  private static int fullest(int most, int each) {
    int best = most;
    for (int i = most - 1; 2 * i >= most; i--) {
      if ((long) i * whole(best * each) * 100 > (long) best * whole(i * each) * 101) {
        best = i;
      }
    }
    return best;
  }

  /// Returns a number of rows made up to whole products.
  static int whole(int rows) {
    return (rows + ROWS - 1) / ROWS * ROWS;
  }

  private static int lines(ConvShape s, int rows) {
    return (rows - 1) * s.strideH() + (s.kh() - 1) * s.dilationH() + 1;
  }

  /// Returns the elements of a line of a strip.
  int line() {
    return columns * pixel;
  }

  /// Returns the lines of a strip for so many output rows of an image.
  int lines(int outRows) {
    return lines(s, outRows);
  }

  /// Returns the elements of a strip.
  int size() {
    return images * lines(rows) * line();
  }

  /// Returns the number of blocks of the batch.
  int blocks() {
    return (s.n() + images - 1) / images * down();
  }

  private int down() {
    return (s.outH() + rows - 1) / rows;
  }

  /// Returns a block.
  Block block(int b) {
    int image = b / down() * images;
    int top = b % down() * rows;
    return new Block(image, Math.min(images, s.n() - image), top, Math.min(rows, s.outH() - top));
  }

  /// Returns the outputs of a block.
  int outputs(Block b) {
    return b.images() * b.rows() * s.outW();
  }
}
