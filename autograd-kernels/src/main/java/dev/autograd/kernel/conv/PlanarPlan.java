package dev.autograd.kernel.conv;

/// How a planar convolution reads an image: in blocks of output rows, for each of which the planes
/// of a group are copied with their zeros.
///
/// With strides, a plane is taken apart into planes of every so many-eth line and column. So
/// neighbouring outputs meet neighbouring elements, whatever the strides, and what lies under an
/// element of the filter is the same distance away for all outputs. Outputs have the lines' pitch;
/// those beyond a row's end mean nothing.
///
/// @param s the convolution
/// @param pitch distance of lines
/// @param rows output rows of a block
/// @param plane distance of the channels
/// @param term how far the elements under the filter are from the first, in the filter's order
record PlanarPlan(ConvShape s, int pitch, int rows, int plane, int[] term) {
  /// Neighbouring outputs that are computed at a time.
  static final int WIDTH = 2 * TilePlan.LANES;

  private static final int LANES = TilePlan.LANES;
  private static final int COPY = 32_000;
  private static final int OUTPUTS = 64_000;

  static PlanarPlan of(ConvShape s) {
    int pitch = pitch(s);
    int line = s.channelsPerGroup() * phasesDown(s) * phasesAcross(s) * pitch;
    int halo = (s.kh() - 1) * s.dilationH() / s.strideH();
    int most = Math.min(COPY / line - halo, OUTPUTS / (s.filtersPerGroup() * pitch));
    int rows = Math.max(1, Math.min(s.outH(), most));
    int blocks = (s.outH() + rows - 1) / rows;
    rows = (s.outH() + blocks - 1) / blocks;
    int part = (rows + halo) * pitch;
    // An odd number of groups: planes do not compete for the same lines of the first cache.
    int plane = (phasesDown(s) * phasesAcross(s) * part / LANES + 1 | 1) * LANES;
    int[] term = new int[s.depth()];
    for (int t = 0; t < term.length; t++) {
      int down = t / s.kw() % s.kh() * s.dilationH();
      int across = t % s.kw() * s.dilationW();
      int phase = down % s.strideH() * phasesAcross(s) + across % s.strideW();
      int within = down / s.strideH() * pitch + across / s.strideW();
      term[t] = t / (s.kw() * s.kh()) * plane + phase * part + within;
    }
    return new PlanarPlan(s, pitch, rows, plane, term);
  }

  private static int pitch(ConvShape s) {
    return s.outW() + (s.kw() - 1) * s.dilationW() / s.strideW();
  }

  /// Returns whether a good part of what is computed means something.
  static boolean fills(ConvShape s) {
    return 3 * s.outArea() >= WIDTH && 2 * s.outW() >= pitch(s);
  }

  private static int phasesDown(ConvShape s) {
    return Math.min(s.strideH(), (s.kh() - 1) * s.dilationH() + 1);
  }

  private static int phasesAcross(ConvShape s) {
    return Math.min(s.strideW(), (s.kw() - 1) * s.dilationW() + 1);
  }

  /// Returns the parts of a plane, one for each line and column that strides skip.
  int phasesDown() {
    return phasesDown(s);
  }

  /// Returns the parts of a plane across.
  int phasesAcross() {
    return phasesAcross(s);
  }

  /// Returns the lines of a part.
  int lines() {
    return rows + (s.kh() - 1) * s.dilationH() / s.strideH();
  }

  /// Returns the elements of a copy and of what is read beyond it.
  int size() {
    return s.channelsPerGroup() * plane + WIDTH;
  }

  /// Returns the distance of the filters' outputs.
  int outputs() {
    return (rows * pitch + WIDTH - 1) / WIDTH * WIDTH;
  }

  /// Returns the blocks of an image.
  int blocks() {
    return (s.outH() + rows - 1) / rows;
  }
}
