package dev.autograd.kernel.norm;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.conv.Conv2d;
import dev.autograd.kernel.conv.ConvShape;
import dev.autograd.kernel.linalg.Gemm;
import dev.autograd.kernel.random.RandomFill;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.Reduce;
import java.util.zip.CRC32;

/// A program that runs every kernel with a vector form and prints one number for all their bits.
public final class Digest {
  private Digest() {}

  /// Prints the vector width and the checksum.
  public static void main(String[] args) {
    var crc = new CRC32();
    f32(crc);
    f64(crc);
    System.out.println(Simd.bits() + " " + Long.toHexString(crc.getValue()));
  }

  // Twins: f32 as f64.

  private static void f32(CRC32 crc) {
    int n = 70 * 1100;
    float[] x = new float[n];
    float[] y = new float[2 * n];
    RandomFill.normal(1, 1, 0, x, 0, n);
    Gemm.multiply(70, 70, 1000, x, 0, 1000, 1, x, 7, 1, 1000, y, 0, 70, false);
    Gemm.multiply(70, 70, 500, x, 0, 1, 70, x, 7, 70, 1, y, 0, 70, true);
    Gemm.multiply(3, 200, 300, x, 0, 300, 1, x, 0, 200, 1, y, 5000, 200, false);
    add(crc, y);
    for (int m : new int[] {1, 3, 5, 20, 31}) {
      for (int w : new int[] {1, 3, 10, 22, 44, 100}) {
        Gemm.multiply(m, w, 400, x, 0, 400, 1, x, 7, w, 1, y, 0, w, false);
        Gemm.multiply(m, w, 400, x, 0, 1, m, x, 7, 1, 400, y, 0, w, true);
        add(crc, y);
      }
    }
    ConvShape s = ConvShape.of(2, 5, 13, 14, 7, 3, 3, 1, 1);
    Conv2d.forward(s, x, 0, x, 9, x, 3, y, 0);
    Conv2d.inputGradient(s, x, 0, x, 9, y, 3000);
    Conv2d.weightGradient(s, x, 0, x, 9, y, 6000);
    add(crc, y);
    for (Axes axes : new Axes[] {Axes.middle(70, 1100, 1), Axes.middle(1, 1100, 70)}) {
      Reduce.sum(x, 0, axes, y, 0);
      Reduce.prod(x, 0, axes, y, 100);
      Reduce.max(x, 0, axes, y, 200);
      Reduce.min(x, 0, axes, y, 300);
      Reduce.logSumExp(x, 0, axes, y, 400);
      Reduce.variance(x, 0, axes, 1.0, y, 500, y, 600);
      add(crc, y);
    }
    Softmax.forward(x, 0, 70, 1100, 1, y, 0);
    Softmax.logForward(x, 0, 10, 1100, 7, y, n);
    add(crc, y);
    float[] z = new float[n];
    Softmax.backward(x, 0, y, 0, 70, 1100, 1, z, 0);
    add(crc, z);
    Softmax.logBackward(x, 0, y, n, 10, 1100, 7, z, 0);
    add(crc, z);
    float[] mean = new float[1100];
    float[] rstd = new float[1100];
    LayerNorm.forward(x, 0, 70, 1100, x, 5, x, 6, 1e-5, y, 0, mean, rstd);
    LayerNorm.backward(x, 1, x, 0, 69, 1100, x, 5, mean, rstd, y, n, z, 0, z, 1100);
    add(crc, y);
    add(crc, z);
    BatchNorm.statistics(x, 0, 11, 50, 140, mean, rstd);
    BatchNorm.backward(x, 0, x, 0, 11, 50, 140, mean, rstd, null, 0, true, y, 0, z, 0, z, 50);
    add(crc, y);
    add(crc, z);
  }

  private static void add(CRC32 crc, float[] y) {
    for (float v : y) {
      long bits = bits(v);
      for (int i = 0; i < 8; i++) {
        crc.update((int) (bits >>> (8 * i)));
      }
    }
  }

  // End of twins.

  private static long bits(float v) {
    return Float.isNaN(v) ? 0x7fc00000 : Float.floatToRawIntBits(v);
  }

  private static long bits(double v) {
    return Double.isNaN(v) ? 0x7ff8000000000000L : Double.doubleToRawLongBits(v);
  }
}
