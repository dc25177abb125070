package dev.autograd.ops.normalization;

import static dev.autograd.ops.normalization.BatchNormKernels.doubles;
import static dev.autograd.ops.normalization.BatchNormKernels.floats;
import static dev.autograd.ops.normalization.BatchNormKernels.offset;

import dev.autograd.DType;
import dev.autograd.Tensor;
import dev.autograd.kernel.norm.LayerNorm;
import dev.autograd.ops.pointwise.Fusion;
import org.jspecify.annotations.Nullable;

/// The kernels of layer normalisation, by element type. The statistics are whole arrays, as are
/// results; x and g are contiguous rows of n elements.
final class LayerNormKernels {
  private LayerNormKernels() {}

  static void forward(
      Tensor x,
      int n,
      @Nullable Tensor w,
      @Nullable Tensor b,
      double eps,
      Tensor y,
      Tensor mean,
      Tensor rstd) {
    int rows = mean.numel();
    int wi = offset(w);
    int bi = offset(b);
    // What is pending is kept: backward needs it, or the sum of a residual connection goes on.
    if (x.dtype() == DType.F32) {
      float @Nullable [] ws = floats(w);
      float @Nullable [] bs = floats(b);
      float[] ys = y.memory().floats();
      float[] means = mean.memory().floats();
      float[] rstds = rstd.memory().floats();
      Fusion.read(
          x,
          true,
          x.numel(),
          all -> LayerNorm.forward(all, rows, n, ws, wi, bs, bi, eps, ys, 0, means, rstds));
    } else {
      double @Nullable [] ws = doubles(w);
      double @Nullable [] bs = doubles(b);
      double[] ys = y.memory().doubles();
      double[] means = mean.memory().doubles();
      double[] rstds = rstd.memory().doubles();
      Fusion.read(
          x,
          true,
          x.numel(),
          all -> LayerNorm.forward(all, rows, n, ws, wi, bs, bi, eps, ys, 0, means, rstds));
    }
  }

  /// Writes those gradients that are there.
  static void backward(
      Tensor g,
      Tensor x,
      int n,
      @Nullable Tensor w,
      Tensor mean,
      Tensor rstd,
      @Nullable Tensor dx,
      @Nullable Tensor dw,
      @Nullable Tensor db) {
    int rows = mean.numel();
    int gi = g.offset();
    int xi = x.offset();
    int wi = offset(w);
    if (x.dtype() == DType.F32) {
      float[] gs = g.memory().floats();
      float[] xs = x.memory().floats();
      float[] means = mean.memory().floats();
      float[] rstds = rstd.memory().floats();
      float @Nullable [] ws = floats(w);
      LayerNorm.backward(
          gs,
          gi,
          xs,
          xi,
          rows,
          n,
          ws,
          wi,
          means,
          rstds,
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
      double[] rstds = rstd.memory().doubles();
      double @Nullable [] ws = doubles(w);
      LayerNorm.backward(
          gs,
          gi,
          xs,
          xi,
          rows,
          n,
          ws,
          wi,
          means,
          rstds,
          doubles(dx),
          0,
          doubles(dw),
          0,
          doubles(db),
          0);
    }
  }
}
