package dev.autograd.kernel.norm;

import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.Simd;
import dev.autograd.kernel.attention.Attention;
import dev.autograd.kernel.attention.AttentionShape;
import dev.autograd.kernel.attention.Matrices;
import dev.autograd.kernel.conv.Conv2d;
import dev.autograd.kernel.conv.ConvShape;
import dev.autograd.kernel.linalg.Gemm;
import dev.autograd.kernel.linalg.MatrixF32;
import dev.autograd.kernel.pool.MaxPool2d;
import dev.autograd.kernel.pool.PoolShape;
import dev.autograd.kernel.random.RandomFill;
import dev.autograd.kernel.reduce.ArgReduce;
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
    MatrixF32 to = new MatrixF32(y, 0, 70);
    MatrixF32 x1000 = new MatrixF32(x, 0, 1000);
    Gemm.multiply(70, 70, 1000, x1000, new MatrixF32(x, 7, 1000).transposed(), to, false);
    MatrixF32 turned = new MatrixF32(x, 0, 70).transposed();
    Gemm.multiply(70, 70, 500, turned, new MatrixF32(x, 7, 70), to, true);
    MatrixF32 few = new MatrixF32(x, 0, 300);
    Gemm.multiply(3, 200, 300, few, new MatrixF32(x, 0, 200), new MatrixF32(y, 5000, 200), false);
    add(crc, y);
    for (int m : new int[] {1, 3, 5, 20, 31}) {
      for (int w : new int[] {1, 3, 10, 22, 44, 100}) {
        MatrixF32 c = new MatrixF32(y, 0, w);
        Gemm.multiply(m, w, 400, new MatrixF32(x, 0, 400), new MatrixF32(x, 7, w), c, false);
        MatrixF32 a = new MatrixF32(x, 0, m).transposed();
        Gemm.multiply(m, w, 400, a, new MatrixF32(x, 7, 400).transposed(), c, true);
        add(crc, y);
      }
    }
    Gemm.multiply(1, 200, 300, few, new MatrixF32(x, 3, 200), new MatrixF32(y, 0, 200), false);
    Gemm.multiply(1, 131, 300, few, new MatrixF32(x, 3, 131), new MatrixF32(y, 0, 131), true);
    add(crc, y);
    ConvShape thin = new ConvShape(2, 6, 12, 15, 6, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 6);
    Conv2d.forward(thin, x, 0, x, 9, x, 3, y, 0);
    Conv2d.inputGradient(thin, x, 0, x, 9, y, 3000);
    Conv2d.weightGradient(thin, x, 0, x, 9, y, 6000);
    add(crc, y);
    ConvShape s = ConvShape.of(2, 5, 13, 14, 7, 3, 3, 1, 1);
    Conv2d.forward(s, x, 0, x, 9, x, 3, y, 0);
    Conv2d.inputGradient(s, x, 0, x, 9, y, 3000);
    Conv2d.weightGradient(s, x, 0, x, 9, y, 6000);
    add(crc, y);
    ConvShape t = ConvShape.of(2, 19, 22, 19, 53, 3, 3, 1, 1);
    Conv2d.forward(t, x, 0, x, 9, x, 3, y, 0);
    Conv2d.inputGradient(t, x, 0, x, 9, y, 46_000);
    Conv2d.weightGradient(t, x, 0, x, 9, y, 63_000);
    add(crc, y);
    t = new ConvShape(2, 34, 12, 15, 42, 3, 4, 1, 1, 2, 1, 0, 2, 1, 2, 2);
    Conv2d.forward(t, x, 0, x, 9, x, 3, y, 0);
    Conv2d.inputGradient(t, x, 0, x, 9, y, 20_000);
    Conv2d.weightGradient(t, x, 0, x, 9, y, 40_000);
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
    Softmax.forward(Inflow.of(x, 0), 70, 1100, 1, y, 0);
    Softmax.logForward(Inflow.of(x, 0), 10, 1100, 7, y, n);
    add(crc, y);
    float[] z = new float[n];
    Softmax.backward(Inflow.of(x, 0), y, 0, 70, 1100, 1, z, 0);
    add(crc, z);
    Softmax.logBackward(Inflow.of(x, 0), y, n, 10, 1100, 7, z, 0);
    add(crc, z);
    for (int k : new int[] {3, 10, 16, 30}) {
      Softmax.forward(Inflow.of(x, 0), n / k, k, 1, y, 0);
      Softmax.logForward(Inflow.of(x, 0), n / k, k, 1, y, n);
      add(crc, y);
      Softmax.backward(Inflow.of(x, 0), y, 0, n / k, k, 1, z, 0);
      add(crc, z);
      Softmax.logBackward(Inflow.of(x, 0), y, n, n / k, k, 1, z, 0);
      add(crc, z);
    }
    float[] mean = new float[1100];
    float[] rstd = new float[1100];
    for (int k : new int[] {3, 70}) {
      LayerNorm.forward(Inflow.of(x, 0), 200, k, x, 5, x, 6, 1e-5, y, 0, mean, rstd);
      LayerNorm.backward(x, 1, x, 0, 199, k, x, 5, mean, rstd, y, n, z, 0, z, 1100);
      add(crc, y);
      add(crc, z);
      BatchNorm.statistics(x, 0, 1050, k, 1, mean, rstd);
      BatchNorm.backward(x, 3, x, 0, 1050, k, 1, mean, rstd, x, 0, true, y, n, z, 0, z, 100);
      BatchNorm.forward(x, 0, 1050, k, 1, mean, rstd, x, 3, x, 70, y, 0);
      add(crc, y);
      add(crc, z);
    }
    LayerNorm.forward(Inflow.of(x, 0), 70, 1100, x, 5, x, 6, 1e-5, y, 0, mean, rstd);
    LayerNorm.backward(x, 1, x, 0, 69, 1100, x, 5, mean, rstd, y, n, z, 0, z, 1100);
    add(crc, y);
    add(crc, z);
    BatchNorm.statistics(x, 0, 11, 50, 140, mean, rstd);
    BatchNorm.backward(x, 0, x, 0, 11, 50, 140, mean, rstd, null, 0, true, y, 0, z, 0, z, 50);
    BatchNorm.forward(x, 0, 11, 50, 140, mean, rstd, x, 3, x, 70, y, 0);
    BatchNorm.statistics(x, 0, 10, 24, 320, mean, rstd);
    BatchNorm.backward(x, 3, x, 0, 10, 24, 320, mean, rstd, x, 0, true, y, n, z, 0, z, 50);
    BatchNorm.backward(x, 3, x, 0, 10, 24, 320, mean, rstd, x, 0, false, z, 100, null, 0, null, 0);
    add(crc, y);
    add(crc, z);
    LayerNorm.forward(Inflow.of(x, 0), 99, 777, null, 0, x, 6, 1e-5, y, 0, mean, rstd);
    LayerNorm.backward(x, 1, x, 0, 99, 777, null, 0, mean, rstd, y, n, null, 0, z, 0);
    LayerNorm.backward(x, 1, x, 0, 99, 777, x, 9, mean, rstd, null, 0, z, 2000, null, 0);
    add(crc, y);
    add(crc, z);
    Softmax.forward(Inflow.of(x, 0), 10, 1100, 7, y, 0);
    Softmax.backward(Inflow.of(x, 0), y, 0, 10, 1100, 7, z, 0);
    Softmax.logForward(Inflow.of(x, 0), 77, 1000, 1, y, 0);
    add(crc, y);
    add(crc, z);
    Softmax.logBackward(Inflow.of(x, 0), y, 0, 77, 1000, 1, z, 0);
    Softmax.logNormalizers(Inflow.of(x, 0), 77, 1000, mean, rstd);
    add(crc, y);
    add(crc, z);
    add(crc, mean);
    add(crc, rstd);
    Reduce.sum(x, 0, Axes.middle(3, 1000, 25), y, 0);
    Reduce.sum(x, 0, channels(64), y, 100);
    Reduce.variance(x, 0, channels(33), 0.0, y, 200, y, 300);
    add(crc, y);
    Reduce.sum(x, 0, Axes.middle(2, 29, 1111), y, 0);
    for (int[] lines : new int[][] {{7, 1100, 1}, {3000, 20, 1}, {1, 1100, 70}}) {
      Axes axes = Axes.middle(lines[0], lines[1], lines[2]);
      long[] places = new long[2 * axes.outputs()];
      ArgReduce.argmax(x, 0, axes, places, 0);
      ArgReduce.argmin(x, 0, axes, places, axes.outputs());
      for (long place : places) {
        crc.update((int) place & 255);
      }
    }
    int[] index = new int[n];
    MaxPool2d.forward(PoolShape.of(10, 70, 110, 2, 2, 0), x, 0, y, 400, index, 0);
    MaxPool2d.backward(PoolShape.of(10, 70, 110, 2, 2, 0), y, 400, index, 0, z, 0);
    add(crc, y);
    add(crc, z);
    attentionF32(crc, x, y, z, new AttentionShape(3, 75, 130, 9, 20, 0.3, false));
    attentionF32(crc, x, y, z, new AttentionShape(1, 150, 600, 9, 10, 0.3, true));
  }

  private static void attentionF32(CRC32 crc, float[] x, float[] y, float[] z, AttentionShape s) {
    int rows = s.size() + 2;
    Matrices q = new Matrices(x, new int[] {0, 100, 200}, rows, 1);
    Matrices k = new Matrices(x, new int[] {3, 5, 7}, rows, 1);
    Matrices v = new Matrices(x, new int[] {11, 13, 17}, s.valueSize(), 1);
    Matrices bias = new Matrices(x, new int[] {1, 2, 3}, 3, 1);
    Matrices to = new Matrices(y, new int[] {0, 3000, 6000}, s.valueSize(), 1);
    float[] lse = new float[s.batch() * s.queries()];
    for (Matrices mask : new Matrices[] {null, bias}) {
      Attention.forward(s, q, k, v, mask, to, lse);
      Matrices dq = new Matrices(z, new int[] {0, 3000, 6000}, s.size(), 1);
      Matrices dk = new Matrices(z, new int[] {9000, 15000, 21_000}, s.size(), 1);
      Matrices dv = new Matrices(z, new int[] {30_000, 45_000, 60_000}, s.valueSize(), 1);
      Attention.backward(s, q, k, v, mask, to, lse, 0, v, dq, dk, dv);
      add(crc, y);
      add(crc, z);
      add(crc, lse);
    }
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

  /// A batch of images whose channels are kept.
  private static Axes channels(int pixels) {
    int[] shape = {40, 20, pixels};
    int[] strides = {20 * pixels, pixels, 1};
    return Axes.of(shape, strides, new boolean[] {true, false, true});
  }

  private static long bits(float v) {
    return Float.isNaN(v) ? 0x7fc00000 : Float.floatToRawIntBits(v);
  }

  private static long bits(double v) {
    return Double.isNaN(v) ? 0x7ff8000000000000L : Double.doubleToRawLongBits(v);
  }
}
