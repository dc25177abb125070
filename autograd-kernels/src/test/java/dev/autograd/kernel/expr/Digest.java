package dev.autograd.kernel.expr;

import static dev.autograd.kernel.expr.Expr.input;
import static dev.autograd.kernel.expr.Expr.select;

import dev.autograd.kernel.ElementType;
import dev.autograd.kernel.Simd;
import java.util.Arrays;
import java.util.SplittableRandom;

/// A program that computes every operation and prints the width it ran with and a hash of all bits.
final class Digest {

  private static final int SIZE = 5003;

  private Digest() {}

  /// Runs each kernel often enough to be compiled, and where there are vectors to use them at
  /// times.
  public static void main(String[] args) {
    Expr x = input(0);
    Expr y = input(1);
    long hash = 0;
    for (UnaryOp op : UnaryOp.values()) {
      if (!op.logical()) {
        hash = 31 * hash + hash(Expr.of(op, x.mul(y)));
      }
    }
    for (BinaryOp op : BinaryOp.values()) {
      if (!op.logical()) {
        hash = 31 * hash + hash(select(x.lt(y), Expr.of(op, x, y), y));
      }
    }
    System.out.println(Simd.bits() + " " + hash);
  }

  private static long hash(Expr e) {
    SplittableRandom random = new SplittableRandom(1);
    float[] x = new float[SIZE];
    double[] v = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      v[i] = (random.nextDouble() * 2 - 1) * Math.scalb(1.0, random.nextInt(-20, 20));
      x[i] = (float) v[i];
    }
    float[] y = new float[SIZE];
    double[] w = new double[SIZE];
    long hash = 0;
    for (int round = 0; round < 6; round++) {
      PointwiseKernel.of(ElementType.F32, e)
          .runContiguous(
              SIZE - 7,
              new double[0],
              new Object[] {y},
              new int[1],
              new Object[] {x, x},
              new int[] {0, 7});
      PointwiseKernel.of(ElementType.F64, e)
          .runContiguous(
              SIZE - 7,
              new double[0],
              new Object[] {w},
              new int[1],
              new Object[] {v, v},
              new int[] {0, 7});
      hash = 31 * (31 * hash + Arrays.hashCode(y)) + Arrays.hashCode(w);
    }
    return hash;
  }
}
