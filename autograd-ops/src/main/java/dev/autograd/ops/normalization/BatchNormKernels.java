package dev.autograd.ops.normalization;

import dev.autograd.DType;
import dev.autograd.Tensor;
import dev.autograd.kernel.norm.BatchNorm;
import org.jspecify.annotations.Nullable;

/// The kernels of batch normalisation, by element type. The statistics are whole arrays, as are
/// results; x and g are contiguous `[N, C, S]`.
final class BatchNormKernels {
  private BatchNormKernels() {}

  static void statistics(Tensor x, int n, int c, int s, Tensor mean, Tensor var) {
    if (x.dtype() == DType.F32) {
      float[] means = mean.memory().floats();
      BatchNorm.statistics(x.memory().floats(), x.offset(), n, c, s, means, var.memory().floats());
    } else {
      double[] means = mean.memory().doubles();
      BatchNorm.statistics(
          x.memory().doubles(), x.offset(), n, c, s, means, var.memory().doubles());
    }
  }

  static void forward(
      Tensor x,
      int n,
      int c,
      int s,
      Tensor mean,
      Tensor var,
      double eps,
      @Nullable Tensor w,
      @Nullable Tensor b,
      Tensor y) {
    int xi = x.offset();
    int wi = offset(w);
    int bi = offset(b);
    if (x.dtype() == DType.F32) {
      float[] xs = x.memory().floats();
      float[] means = mean.memory().floats();
      float[] rstd = new float[c];
      BatchNorm.reciprocalDeviation(var.memory().floats(), c, eps, rstd);
      float[] ys = y.memory().floats();
      BatchNorm.forward(xs, xi, n, c, s, means, rstd, floats(w), wi, floats(b), bi, ys, 0);
    } else {
      double[] xs = x.memory().doubles();
      double[] means = mean.memory().doubles();
      double[] rstd = new double[c];
      BatchNorm.reciprocalDeviation(var.memory().doubles(), c, eps, rstd);
      double[] ys = y.memory().doubles();
      BatchNorm.forward(xs, xi, n, c, s, means, rstd, doubles(w), wi, doubles(b), bi, ys, 0);
    }
  }

  /// Writes those gradients in training that are there.
  static void backward(
      Tensor g,
      Tensor x,
      int n,
      int c,
      int s,
      Tensor mean,
      Tensor var,
      double eps,
      @Nullable Tensor w,
      @Nullable Tensor dx,
      @Nullable Tensor dw,
      @Nullable Tensor db) {
    int gi = g.offset();
    int xi = x.offset();
    int wi = offset(w);
    if (x.dtype() == DType.F32) {
      float[] gs = g.memory().floats();
      float[] xs = x.memory().floats();
      float[] means = mean.memory().floats();
      float[] rstd = new float[c];
      BatchNorm.reciprocalDeviation(var.memory().floats(), c, eps, rstd);
      float @Nullable [] ws = floats(w);
      BatchNorm.backward(
          gs,
          gi,
          xs,
          xi,
          n,
          c,
          s,
          means,
          rstd,
          ws,
          wi,
          true,
          floats(dx),
          0,
          floats(dw),
          0,
          floats(db),
          0);
    } else {
      double[] gs = g.memory().doubles();
      double[] xs = x.memory().doubles();
      double[] means = mean.memory().doubles();
      double[] rstd = new double[c];
      BatchNorm.reciprocalDeviation(var.memory().doubles(), c, eps, rstd);
      double @Nullable [] ws = doubles(w);
      BatchNorm.backward(
          gs,
          gi,
          xs,
          xi,
          n,
          c,
          s,
          means,
          rstd,
          ws,
          wi,
          true,
          doubles(dx),
          0,
          doubles(dw),
          0,
          doubles(db),
          0);
    }
  }

  static float @Nullable [] floats(@Nullable Tensor t) {
    return t == null ? null : t.memory().floats();
  }

  static double @Nullable [] doubles(@Nullable Tensor t) {
    return t == null ? null : t.memory().doubles();
  }

  static int offset(@Nullable Tensor t) {
    return t == null ? 0 : t.offset();
  }
}
