package dev.autograd.benchmarks.micro;

import static dev.autograd.kernel.linalg.Gemm.multiply;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.linalg.MatrixF32;
import dev.autograd.kernel.linalg.MatrixF64;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Products of matrices, by the kernel: type, which operands are transposed, `M x K x N`.
@State(Scope.Benchmark)
public class Gemm implements Measured {
  @Param({
    "f32-NN-64x64x64",
    "f32-NN-128x128x128",
    "f32-NN-256x256x256",
    "f32-NN-512x512x512",
    "f32-NN-1024x1024x1024",
    "f32-TN-512x512x512",
    "f32-NT-512x512x512",
    "f32-TT-512x512x512",
    "f32-NN-1x1024x1024",
    "f32-NN-8x1024x1024",
    "f32-NT-8x1024x1024",
    "f64-NN-64x64x64",
    "f64-NN-256x256x256",
    "f64-NN-1024x1024x1024",
    "f64-NT-512x512x512",
    "f64-NN-8x1024x1024"
  })
  public String product = "";

  private Sizes sizes = Sizes.of("f32-NN-1x1x1");
  private Object a = new float[0];
  private Object b = new float[0];
  private Object c = new float[0];

  /// What a parameter says, with the strides that it leads to.
  private record Sizes(
      DType dtype, int m, int k, int n, int aRow, int aColumn, int bRow, int bColumn) {
    static Sizes of(String product) {
      String[] parts = product.split("-", -1);
      int[] mkn = Parts.ints(parts[2], "x");
      int m = mkn[0];
      int k = mkn[1];
      int n = mkn[2];
      boolean at = parts[1].charAt(0) == 'T';
      boolean bt = parts[1].charAt(1) == 'T';
      DType dtype = parts[0].equals("f64") ? DType.F64 : DType.F32;
      return new Sizes(dtype, m, k, n, at ? 1 : k, at ? m : 1, bt ? 1 : n, bt ? k : 1);
    }
  }

  @Override
  public Work work(String method) {
    Sizes s = Sizes.of(product);
    double m = s.m;
    return Work.ofElements(s.dtype, 2 * m * s.k * s.n, m * s.k + (double) s.k * s.n, m * s.n);
  }

  /// Makes the operands.
  @Setup
  public void prepare() {
    sizes = Sizes.of(product);
    Generator random = new Generator(1);
    a = Tensor.randn(Shape.of(sizes.m, sizes.k), sizes.dtype, random).toArray();
    b = Tensor.randn(Shape.of(sizes.k, sizes.n), sizes.dtype, random).toArray();
    c = Tensor.zeros(Shape.of(sizes.m, sizes.n), sizes.dtype).toArray();
  }

  /// Multiplies into an existing matrix.
  @Benchmark
  public Object matmul() {
    Sizes s = sizes;
    if (s.dtype == DType.F32) {
      multiply(
          s.m,
          s.n,
          s.k,
          new MatrixF32((float[]) a, 0, s.aRow, s.aColumn),
          new MatrixF32((float[]) b, 0, s.bRow, s.bColumn),
          new MatrixF32((float[]) c, 0, s.n),
          false);
    } else {
      multiply(
          s.m,
          s.n,
          s.k,
          new MatrixF64((double[]) a, 0, s.aRow, s.aColumn),
          new MatrixF64((double[]) b, 0, s.bRow, s.bColumn),
          new MatrixF64((double[]) c, 0, s.n),
          false);
    }
    return c;
  }
}
