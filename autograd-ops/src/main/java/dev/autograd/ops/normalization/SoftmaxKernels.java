package dev.autograd.ops.normalization;

import dev.autograd.DType;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.norm.Softmax;
import dev.autograd.ops.operand.Operands;
import dev.autograd.ops.pointwise.Fusion;
import dev.autograd.ops.reduction.AxisLines;

/// The kernels of softmax, its logarithm and their gradients, by element type.
final class SoftmaxKernels {
  private SoftmaxKernels() {}

  static Tensor forward(String op, Tensor x, int dim) {
    Operands.floating(op, x);
    return along(op, x, dim, Softmax::forward, Softmax::forward);
  }

  static Tensor logForward(String op, Tensor x, int dim) {
    Operands.floating(op, x);
    return along(op, x, dim, Softmax::logForward, Softmax::logForward);
  }

  static Tensor backward(String op, Tensor g, Tensor y, int dim) {
    return gradient(op, g, y, dim, Softmax::backward, Softmax::backward);
  }

  static Tensor logBackward(String op, Tensor g, Tensor y, int dim) {
    return gradient(op, g, y, dim, Softmax::logBackward, Softmax::logBackward);
  }

  private static Tensor gradient(
      String op, Tensor g, Tensor y, int dim, Gradient<float[]> f32, Gradient<double[]> f64) {
    Operands.floating(op, g, y);
    Operands.sameShape(op, "g", g, "y", y);
    Tensor whole = y.contiguous();
    Object ys = whole.memory().array();
    int at = whole.offset();
    return along(
        op,
        g,
        dim,
        (x, outer, axis, inner, to, toAt) ->
            f32.run(x, (float[]) ys, at, outer, axis, inner, to, toAt),
        (x, outer, axis, inner, to, toAt) ->
            f64.run(x, (double[]) ys, at, outer, axis, inner, to, toAt));
  }

  private static Tensor along(
      String op, Tensor in, int dim, Kernel<float[]> f32, Kernel<double[]> f64) {
    AxisLines l = AxisLines.of(in.shape(), in.shape().axis(op, dim));
    Tensor x = in.contiguous();
    Tensor y = Tensor.empty(x.shape(), x.dtype());
    Storage to = y.memory();
    // Lines with others between them are read more than once: none is computed as it is read.
    int stretch = l.inner() == 1 ? x.numel() : 0;
    if (x.dtype() == DType.F32) {
      float[] ys = to.floats();
      Fusion.read(x, false, stretch, all -> f32.run(all, l.outer(), l.n(), l.inner(), ys, 0));
    } else {
      double[] ys = to.doubles();
      Fusion.read(x, false, stretch, all -> f64.run(all, l.outer(), l.n(), l.inner(), ys, 0));
    }
    return y;
  }

  private interface Kernel<A> {
    void run(Inflow x, int outer, int axis, int inner, A y, int yOffset);
  }

  private interface Gradient<A> {
    void run(Inflow g, A y, int yOffset, int outer, int axis, int inner, A dx, int dxOffset);
  }
}
