package dev.autograd.onnx.forms;

import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.MultiFunction;
import dev.autograd.Operation;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.spi.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// One application of an operation that its own samples ask for.
record FormCase(Operation operation, Tensor[] inputs) {

  /// Collects the samples of a prototype, floating tensors in `f64`; those to be refused stay out.
  static List<FormCase> of(Operation prototype, long seed) {
    Collector collector = new Collector(seed);
    prototype.samples(collector);
    return collector.cases;
  }

  /// Returns the case in another floating type, the inputs in row-major order.
  FormCase in(DType dtype) {
    Tensor[] same =
        Stream.of(inputs)
            .map(t -> t.dtype() == DType.F64 ? t.to(dtype) : t)
            .map(Tensor::clone)
            .toArray(Tensor[]::new);
    return new FormCase(operation, same);
  }

  /// Applies the operation and returns all outputs.
  Tensor[] apply() {
    return GradMode.noGrad(
        () ->
            switch (operation) {
              case Function f -> new Tensor[] {f.apply(inputs)};
              case MultiFunction f -> f.apply(inputs);
            });
  }

  @Override
  public String toString() {
    StringBuilder b = new StringBuilder(operation.toString());
    for (Tensor t : inputs) {
      b.append(' ').append(t.dtype()).append(t.shape());
    }
    return b.toString();
  }

  private static final class Collector implements Samples {
    private final List<FormCase> cases = new ArrayList<>();
    private final Generator generator;

    Collector(long seed) {
      generator = new Generator(seed);
    }

    @Override
    public void add(Operation operation, Tensor... inputs) {
      cases.add(new FormCase(operation, inputs));
    }

    @Override
    public void add(Operation operation, boolean[] smooth, Tensor... inputs) {
      add(operation, inputs);
    }

    @Override
    public void reject(Operation operation, String message, Tensor... inputs) {
      // What forward refuses has no form to compare.
    }

    @Override
    public Tensor randn(int... shape) {
      return Tensor.randn(Shape.of(shape), DType.F64, generator);
    }

    @Override
    public Tensor uniform(double low, double high, int... shape) {
      return Tensor.rand(Shape.of(shape), DType.F64, generator).mul(high - low).add(low);
    }

    @Override
    public Tensor distinct(int... shape) {
      Shape s = Shape.of(shape);
      Tensor order = Tensor.operations().permutation(s.numel(), generator);
      return order.to(DType.F64).mul(4.0 / Math.max(1, s.numel())).sub(2).reshape(shape);
    }

    @Override
    public Tensor indices(int bound, int... shape) {
      return uniform(0, bound, shape).floor().to(DType.I64);
    }

    @Override
    public Tensor bools(int... shape) {
      return uniform(0, 1, shape).lt(0.5);
    }

    @Override
    public int size(int low, int high) {
      return low + (int) uniform(0, high - low + 1).item();
    }
  }
}
