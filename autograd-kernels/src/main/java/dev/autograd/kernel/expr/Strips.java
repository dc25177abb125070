package dev.autograd.kernel.expr;

import java.util.Arrays;

/// Copies of evenly spaced elements, with Java's conversions between the element types.
///
/// A byte is read as unsigned; a number is narrowed to a byte by way of int.
final class Strips {

  private Strips() {}

  /// Copies `n` elements `src[s], src[s + sStep], …` to `dst[d], dst[d + dStep], …`.
  static void copy(Object src, int s, int sStep, Object dst, int d, int dStep, int n) {
    if (sStep == 1 && dStep == 1 && src.getClass() == dst.getClass()) {
      System.arraycopy(src, s, dst, d, n);
      return;
    }
    if ((dStep == 1 && sStep == 0 && repeat(src, s, dst, d, n))
        || (dStep == 1 && sStep == 1 && truths(src, s, dst, d, n))) {
      return;
    }
    switch (dst) {
      case float[] y -> toFloats(src, s, sStep, y, d, dStep, n);
      case double[] y -> toDoubles(src, s, sStep, y, d, dStep, n);
      case long[] y -> toLongs(src, s, sStep, y, d, dStep, n);
      case int[] y -> toInts(src, s, sStep, y, d, dStep, n);
      case byte[] y -> toBytes(src, s, sStep, y, d, dStep, n);
      default -> throw unknown(dst);
    }
  }

  /// Fills a stretch with one element, if source and destination are of one floating type.
  private static boolean repeat(Object src, int s, Object dst, int d, int n) {
    if (src instanceof float[] x && dst instanceof float[] y) {
      Arrays.fill(y, d, d + n, x[s]);
      return true;
    }
    if (src instanceof double[] x && dst instanceof double[] y) {
      Arrays.fill(y, d, d + n, x[s]);
      return true;
    }
    return false;
  }

  /// Widens or narrows a stretch of bytes, in loops that the JIT compiler can turn into vectors.
  private static boolean truths(Object src, int s, Object dst, int d, int n) {
    if (src instanceof byte[] x && dst instanceof float[] y) {
      for (int i = 0; i < n; i++) {
        y[d + i] = (float) (x[s + i] & 0xFF);
      }
      return true;
    }
    if (src instanceof byte[] x && dst instanceof double[] y) {
      for (int i = 0; i < n; i++) {
        y[d + i] = x[s + i] & 0xFF;
      }
      return true;
    }
    if (src instanceof float[] x && dst instanceof byte[] y) {
      for (int i = 0; i < n; i++) {
        y[d + i] = (byte) (int) x[s + i];
      }
      return true;
    }
    if (src instanceof double[] x && dst instanceof byte[] y) {
      for (int i = 0; i < n; i++) {
        y[d + i] = (byte) (int) x[s + i];
      }
      return true;
    }
    return false;
  }

  private static void toFloats(Object src, int s, int sStep, float[] y, int d, int dStep, int n) {
    switch (src) {
      case float[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = x[s + i * sStep];
        }
      }
      case double[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (float) x[s + i * sStep];
        }
      }
      case long[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (float) x[s + i * sStep];
        }
      }
      case int[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (float) x[s + i * sStep];
        }
      }
      case byte[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (float) (x[s + i * sStep] & 0xFF);
        }
      }
      default -> throw unknown(src);
    }
  }

  private static void toDoubles(Object src, int s, int sStep, double[] y, int d, int dStep, int n) {
    switch (src) {
      case float[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = x[s + i * sStep];
        }
      }
      case double[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = x[s + i * sStep];
        }
      }
      case long[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (double) x[s + i * sStep];
        }
      }
      case int[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = x[s + i * sStep];
        }
      }
      case byte[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = x[s + i * sStep] & 0xFF;
        }
      }
      default -> throw unknown(src);
    }
  }

  private static void toLongs(Object src, int s, int sStep, long[] y, int d, int dStep, int n) {
    switch (src) {
      case float[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (long) x[s + i * sStep];
        }
      }
      case double[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (long) x[s + i * sStep];
        }
      }
      case long[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = x[s + i * sStep];
        }
      }
      case int[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = x[s + i * sStep];
        }
      }
      case byte[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = x[s + i * sStep] & 0xFF;
        }
      }
      default -> throw unknown(src);
    }
  }

  private static void toInts(Object src, int s, int sStep, int[] y, int d, int dStep, int n) {
    switch (src) {
      case float[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (int) x[s + i * sStep];
        }
      }
      case double[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (int) x[s + i * sStep];
        }
      }
      case long[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (int) x[s + i * sStep];
        }
      }
      case int[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = x[s + i * sStep];
        }
      }
      case byte[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = x[s + i * sStep] & 0xFF;
        }
      }
      default -> throw unknown(src);
    }
  }

  private static void toBytes(Object src, int s, int sStep, byte[] y, int d, int dStep, int n) {
    switch (src) {
      case float[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (byte) (int) x[s + i * sStep];
        }
      }
      case double[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (byte) (int) x[s + i * sStep];
        }
      }
      case long[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (byte) x[s + i * sStep];
        }
      }
      case int[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = (byte) x[s + i * sStep];
        }
      }
      case byte[] x -> {
        for (int i = 0; i < n; i++) {
          y[d + i * dStep] = x[s + i * sStep];
        }
      }
      default -> throw unknown(src);
    }
  }

  private static IllegalArgumentException unknown(Object array) {
    return new IllegalArgumentException(
        "kernel: an operand must be float[], double[], long[], int[] or byte[], got "
            + array.getClass().getSimpleName());
  }
}
