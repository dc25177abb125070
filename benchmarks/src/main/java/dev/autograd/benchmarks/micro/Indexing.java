package dev.autograd.benchmarks.micro;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.index.Gather;
import dev.autograd.ops.index.IndexSelect;
import dev.autograd.ops.index.Scatter;
import dev.autograd.ops.index.ScatterAdd;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Reads and writes of `[1024, 1024]` in f32 at random places along an axis.
@State(Scope.Benchmark)
public class Indexing implements Measured {
  private static final int SIZE = 1024;
  private static final double ELEMENTS = SIZE * SIZE;

  @Param({"0", "1"})
  public int axis;

  private Tensor x = Tensor.zeros(0);
  private Tensor source = Tensor.zeros(0);
  private Tensor places = Tensor.zeros(0);
  private Tensor lines = Tensor.zeros(0);

  @Override
  public Work work(String method) {
    double indices = Long.BYTES * (method.equals("indexSelect") ? SIZE : ELEMENTS);
    double values = Float.BYTES * ELEMENTS;
    return switch (method) {
      case "gather", "indexSelect" -> new Work(DType.F32, 0, values + indices, values);
      case "scatter" -> new Work(DType.F32, 0, 2 * values + indices, values);
      case "scatterAdd" -> new Work(DType.F32, ELEMENTS, 2 * values + indices, values);
      default -> throw new IllegalArgumentException("Indexing: no method " + method);
    };
  }

  /// Makes the operands.
  @Setup
  public void prepare() {
    Generator random = new Generator(1);
    SplittableRandom index = new SplittableRandom(1);
    x = Tensor.randn(Shape.of(SIZE, SIZE), DType.F32, random);
    source = Tensor.randn(Shape.of(SIZE, SIZE), DType.F32, random);
    places = Tensor.of(index.longs(SIZE * SIZE, 0, SIZE).toArray(), SIZE, SIZE);
    lines = Tensor.of(index.longs(SIZE, 0, SIZE).toArray(), SIZE);
  }

  /// Reads single elements.
  @Benchmark
  public Object gather() {
    try (var _ = GradMode.noGrad()) {
      return Gather.gather(x, axis, places).memory();
    }
  }

  /// Writes single elements.
  @Benchmark
  public Object scatter() {
    try (var _ = GradMode.noGrad()) {
      return Scatter.scatter(x, axis, places, source).memory();
    }
  }

  /// Adds to single elements.
  @Benchmark
  public Object scatterAdd() {
    try (var _ = GradMode.noGrad()) {
      return ScatterAdd.scatterAdd(x, axis, places, source).memory();
    }
  }

  /// Reads whole lines.
  @Benchmark
  public Object indexSelect() {
    try (var _ = GradMode.noGrad()) {
      return IndexSelect.indexSelect(x, axis, lines).memory();
    }
  }
}
