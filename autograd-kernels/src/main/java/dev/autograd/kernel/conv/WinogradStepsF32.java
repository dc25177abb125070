// Twin: WinogradStepsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

/// The inner loops of Winograd's convolution, for one instruction set; the direct convolution uses
/// those without transforms.
///
/// Every step works on groups of [TilePlan#LANES] channels that lie side by side, each channel for
/// itself; the products add in the order of their terms. So all forms give the same bits.
interface WinogradStepsF32 {
  /// Channels of a group.
  int LANES = TilePlan.LANES;

  /// The first pair of points.
  float A = 0.625f;

  /// The second pair of points.
  float B = 1.5f;

  float A2 = A * A;
  float B2 = B * B;
  float A3 = A2 * A;
  float B3 = B2 * B;
  float SQUARES_SUM = A2 + B2;
  float SQUARES_PRODUCT = A2 * B2;

  // The weights of the points in the interpolation, by the power of the point. What is divided by
  // is exact.
  float AT_ZERO = 1f / (A2 * B2);
  float AT_A = 0.5f / (A2 * (A2 - B2));
  float AT_A_1 = 0.5f / (A * (A2 - B2));
  float AT_A_2 = 0.5f / (A2 - B2);
  float AT_B = 0.5f / (B2 * (B2 - A2));
  float AT_B_1 = 0.5f / (B * (B2 - A2));
  float AT_B_2 = 0.5f / (B2 - A2);

  /// Sets `to[toAt + i toStep + l] = x[xAt + l plane + i]` for `i < count` and `l < channels`;
  /// further lanes up to `wide` become zero.
  void gather(
      float[] x,
      int xAt,
      int plane,
      int channels,
      int wide,
      int count,
      float[] to,
      int toAt,
      int toStep);

  /// Sets `y[yAt + l plane + i] = from[fromAt + i fromStep + l]` for `i < count` and `l <
  /// channels`.
  void scatter(
      float[] from,
      int fromAt,
      int fromStep,
      int count,
      float[] y,
      int yAt,
      int plane,
      int channels);

  /// Transforms six rows of `n` inputs into six.
  void inputDown(float[] x, int xAt, int xRow, int n, float[] to, int toAt, int toRow);

  /// Transforms the columns of `tiles` tiles: overlapping pieces of six columns.
  ///
  /// Component c of tile t goes to `v[vAt + c vComponent + t vTile]`.
  void inputAcross(
      float[] from,
      int fromAt,
      int fromRow,
      int tiles,
      float[] v,
      int vAt,
      int vTile,
      int vComponent);

  /// Transforms four rows of `n` gradients into six.
  void gradientDown(float[] g, int gAt, int gRow, int n, float[] to, int toAt, int toRow);

  /// Transforms the columns of `tiles` tiles: separate pieces of four columns.
  void gradientAcross(
      float[] from,
      int fromAt,
      int fromRow,
      int tiles,
      float[] v,
      int vAt,
      int vTile,
      int vComponent);

  /// Transforms products back to `tiles` tiles of four by four outputs and adds the bias.
  ///
  /// @param work holds 24 groups
  void output(
      float[] m,
      int mAt,
      int mTile,
      int mComponent,
      int tiles,
      float[] bias,
      int biasAt,
      float[] work,
      float[] y,
      int yRow);

  /// Transforms `n` filters; tap t of them begins at `taps[t * tap]`, component c goes to `u[uAt +
  /// c uComponent]`.
  void filter(float[] taps, int tap, int n, float[] u, int uAt, int uComponent);

  /// Transforms `n` gradients of filters back, from 36 components to 9 taps.
  void filterGradient(float[] u, int uAt, int uComponent, int n, float[] taps, int tap);

  /// Multiplies [TilePlan#ROWS] rows of a by rows of b that follow each other at distance `bRow`,
  /// to rows of `width` in c, a multiple of [TilePlan#LANES] up to [TilePlan#WIDTH].
  ///
  /// Where the elements of a are, two tables say: term i of row r is `a[aAt + row[rowAt + r] +
  /// term[termAt + i]]`. Terms are added in order.
  void product(
      int terms,
      int[] term,
      int termAt,
      float[] a,
      int aAt,
      int[] row,
      int rowAt,
      float[] b,
      int bAt,
      int bRow,
      int width,
      float[] c,
      int cAt,
      int cRow);

  /// Multiplies lane by lane: sets `c[r LANES + l]` to the sum over i of `a[row[r] + term[i] + l]
  /// b[i LANES + l]` in order, for `r < rows`, `i < terms` and all lanes.
  void lanes(int terms, int[] term, float[] a, int rows, int[] row, float[] b, float[] c);

  /// Adds `n` elements of x to y, a multiple of [TilePlan#LANES].
  void add(float[] x, int xAt, float[] y, int yAt, int n);
}
