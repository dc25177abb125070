package dev.autograd.kernel.conv;

/// How a direct convolution reads an image: strips of whole lines, zeros included, in which the
/// channels of a group lie side by side.
///
/// @param s the convolution
/// @param columns columns of a strip
/// @param rows output rows of a block
/// @param inner inputs of an output that follow each other in a strip
/// @param offsets where these runs begin, for each row, or element, of a filter
record StripPlan(ConvShape s, int columns, int rows, int inner, int[] offsets) {
  private static final int STRIP = 48_000;

  /// Plans blocks of at most `positions` outputs, or of one row.
  static StripPlan of(ConvShape s, int positions) {
    int columns = (s.outW() - 1) * s.strideW() + (s.kw() - 1) * s.dilationW() + 1;
    int channels = s.channelsPerGroup();
    int rows = Math.max(1, Math.min(s.outH(), positions / s.outW()));
    int line = columns * channels;
    while (rows > 1 && (long) lines(s, rows) * line > STRIP) {
      rows--;
    }
    boolean whole = s.dilationW() == 1;
    int[] offsets = new int[whole ? s.kh() : s.kh() * s.kw()];
    for (int i = 0; i < offsets.length; i++) {
      int down = whole ? i : i / s.kw();
      int across = whole ? 0 : i % s.kw();
      offsets[i] = down * s.dilationH() * line + across * s.dilationW() * channels;
    }
    return new StripPlan(s, columns, rows, whole ? s.kw() * channels : channels, offsets);
  }

  private static int lines(ConvShape s, int rows) {
    return (rows - 1) * s.strideH() + (s.kh() - 1) * s.dilationH() + 1;
  }

  /// Returns the elements of a line of a strip.
  int line() {
    return columns * s.channelsPerGroup();
  }

  /// Returns the lines of a strip for so many output rows.
  int lines(int outRows) {
    return lines(s, outRows);
  }

  /// Returns the elements of a strip and of what products read beyond it.
  int size() {
    return lines(rows) * line() + TilePlan.ROWS * (s.strideW() + 1) * s.channelsPerGroup();
  }

  /// Returns the blocks of an image.
  int blocks() {
    return (s.outH() + rows - 1) / rows;
  }

  /// Returns the distance of neighbouring outputs' inputs.
  int step() {
    return s.strideW() * s.channelsPerGroup();
  }
}
