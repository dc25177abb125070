package dev.autograd.benchmarks.micro;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.conv.Conv2d;
import dev.autograd.kernel.conv.ConvShape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Convolutions in f32 and both gradients, by the kernel. The first two are those of W3, the third
/// is that of W9.
///
/// The arithmetic counted is that of the sum as it is written, so a fast algorithm (Winograd's) can
/// do better than the limit.
@State(Scope.Benchmark)
public class Convolution implements Measured {
  /// Batch, C, H = W, K, filter, stride, padding.
  @Param({
    "64,1,28,32,3,1,0",
    "64,32,26,64,3,1,0",
    "8,64,56,64,3,1,1",
    "8,64,28,64,5,1,2",
    "8,64,56,128,1,1,0",
    "8,64,56,128,3,2,1"
  })
  public String shape = "";

  private ConvShape s = ConvShape.of(1, 1, 1, 1, 1, 1, 1, 1, 0);
  private float[] x = {};
  private float[] w = {};
  private float[] y = {};
  private float[] g = {};
  private float[] dx = {};
  private float[] dw = {};

  private static ConvShape parse(String shape) {
    int[] v = Parts.ints(shape, ",");
    return ConvShape.of(v[0], v[1], v[2], v[2], v[3], v[4], v[4], v[5], v[6]);
  }

  private static int images(ConvShape s) {
    return s.n() * s.c() * s.h() * s.w();
  }

  private static int weights(ConvShape s) {
    return s.k() * s.c() * s.kh() * s.kw();
  }

  private static int outputs(ConvShape s) {
    return s.n() * s.k() * s.outH() * s.outW();
  }

  @Override
  public Work work(String method) {
    ConvShape c = parse(shape);
    double flops = 2.0 * outputs(c) * c.c() * c.kh() * c.kw();
    double all = (double) images(c) + weights(c) + outputs(c);
    int written =
        switch (method) {
          case "forward" -> outputs(c);
          case "inputGradient" -> images(c);
          case "weightGradient" -> weights(c);
          default -> throw new IllegalArgumentException("Convolution: no method " + method);
        };
    return Work.ofElements(DType.F32, flops, all - written, written);
  }

  /// Makes the operands.
  @Setup
  public void prepare() {
    s = parse(shape);
    Generator random = new Generator(1);
    x = normal(images(s), random);
    w = normal(weights(s), random);
    g = normal(outputs(s), random);
    y = new float[outputs(s)];
    dx = new float[images(s)];
    dw = new float[weights(s)];
  }

  private static float[] normal(int n, Generator random) {
    return Tensor.randn(Shape.of(n), DType.F32, random).toFloatArray();
  }

  /// Finds y.
  @Benchmark
  public float[] forward() {
    Conv2d.forward(s, x, 0, w, 0, null, 0, y, 0);
    return y;
  }

  /// Finds dx.
  @Benchmark
  public float[] inputGradient() {
    Conv2d.inputGradient(s, g, 0, w, 0, dx, 0);
    return dx;
  }

  /// Finds dw.
  @Benchmark
  public float[] weightGradient() {
    Conv2d.weightGradient(s, g, 0, x, 0, dw, 0);
    return dw;
  }
}
