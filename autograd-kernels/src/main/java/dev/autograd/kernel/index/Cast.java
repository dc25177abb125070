package dev.autograd.kernel.index;

/// Conversions between element types, of contiguous arrays.
///
/// Floating point to integer goes toward zero; NaN gives 0, and what does not fit i32 or i64 gives
/// the nearest value that does. To u8, the i32 result is taken modulo 256. Integers to narrower
/// integers wrap around. u8 is unsigned. To bool, everything but zero (NaN too) gives 1.
public final class Cast {
  private Cast() {}

  /// Converts f32 to f64.
  public static void cast(float[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = x[xOffset + i];
    }
  }

  /// Converts f32 to i64.
  public static void cast(float[] x, int xOffset, long[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (long) x[xOffset + i];
    }
  }

  /// Converts f32 to i32.
  public static void cast(float[] x, int xOffset, int[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (int) x[xOffset + i];
    }
  }

  /// Converts f32 to u8.
  public static void cast(float[] x, int xOffset, byte[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (byte) (int) x[xOffset + i];
    }
  }

  /// Converts f64 to f32.
  public static void cast(double[] x, int xOffset, float[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (float) x[xOffset + i];
    }
  }

  /// Converts f64 to i64.
  public static void cast(double[] x, int xOffset, long[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (long) x[xOffset + i];
    }
  }

  /// Converts f64 to i32.
  public static void cast(double[] x, int xOffset, int[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (int) x[xOffset + i];
    }
  }

  /// Converts f64 to u8.
  public static void cast(double[] x, int xOffset, byte[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (byte) (int) x[xOffset + i];
    }
  }

  /// Converts i64 to f32.
  public static void cast(long[] x, int xOffset, float[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (float) x[xOffset + i];
    }
  }

  /// Converts i64 to f64.
  public static void cast(long[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (double) x[xOffset + i];
    }
  }

  /// Converts i64 to i32.
  public static void cast(long[] x, int xOffset, int[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (int) x[xOffset + i];
    }
  }

  /// Converts i64 to u8.
  public static void cast(long[] x, int xOffset, byte[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (byte) x[xOffset + i];
    }
  }

  /// Converts i32 to f32.
  public static void cast(int[] x, int xOffset, float[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (float) x[xOffset + i];
    }
  }

  /// Converts i32 to f64.
  public static void cast(int[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = x[xOffset + i];
    }
  }

  /// Converts i32 to i64.
  public static void cast(int[] x, int xOffset, long[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = x[xOffset + i];
    }
  }

  /// Converts i32 to u8.
  public static void cast(int[] x, int xOffset, byte[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (byte) x[xOffset + i];
    }
  }

  /// Converts u8 to f32.
  public static void cast(byte[] x, int xOffset, float[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = x[xOffset + i] & 0xff;
    }
  }

  /// Converts u8 to f64.
  public static void cast(byte[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = x[xOffset + i] & 0xff;
    }
  }

  /// Converts u8 to i64.
  public static void cast(byte[] x, int xOffset, long[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = x[xOffset + i] & 0xff;
    }
  }

  /// Converts u8 to i32.
  public static void cast(byte[] x, int xOffset, int[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = x[xOffset + i] & 0xff;
    }
  }

  /// Converts f32 to bool: 1 where x is not zero.
  public static void toBool(float[] x, int xOffset, byte[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (byte) (x[xOffset + i] != 0 ? 1 : 0);
    }
  }

  /// Converts f64 to bool: 1 where x is not zero.
  public static void toBool(double[] x, int xOffset, byte[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (byte) (x[xOffset + i] != 0 ? 1 : 0);
    }
  }

  /// Converts i64 to bool: 1 where x is not zero.
  public static void toBool(long[] x, int xOffset, byte[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (byte) (x[xOffset + i] != 0 ? 1 : 0);
    }
  }

  /// Converts i32 to bool: 1 where x is not zero.
  public static void toBool(int[] x, int xOffset, byte[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (byte) (x[xOffset + i] != 0 ? 1 : 0);
    }
  }

  /// Converts u8 to bool: 1 where x is not zero.
  public static void toBool(byte[] x, int xOffset, byte[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = (byte) (x[xOffset + i] != 0 ? 1 : 0);
    }
  }
}
