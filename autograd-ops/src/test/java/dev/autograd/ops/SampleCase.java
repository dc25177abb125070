package dev.autograd.ops;

import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Generator;
import dev.autograd.MultiFunction;
import dev.autograd.Operation;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.spi.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One application of an operation that its own samples ask for.
record SampleCase(
    Operation operation, boolean[] smooth, Tensor[] inputs, @Nullable String message) {

  /// Collects the samples of a prototype, floating tensors in `f64`.
  static List<SampleCase> of(Operation prototype, long seed) {
    Collector c = new Collector(seed);
    prototype.samples(c);
    return c.cases;
  }

  /// Applies the operation and returns all outputs.
  Tensor[] apply(Tensor... in) {
    return switch (operation) {
      case Function f -> new Tensor[] {f.apply(in)};
      case MultiFunction f -> f.apply(in);
    };
  }

  /// Returns the inputs in another floating type, detached, those to differentiate as leaves;
  /// strides are kept.
  Tensor[] leaves(DType dtype) {
    Tensor[] leaves = new Tensor[inputs.length];
    for (int i = 0; i < leaves.length; i++) {
      Tensor t = inputs[i].detach();
      if (t.dtype().isFloating()) {
        t = inType(t, dtype).requiresGrad(smooth[i]);
      }
      leaves[i] = t;
    }
    return leaves;
  }

  /// Returns a copy in another type with the same strides.
  static Tensor inType(Tensor t, DType dtype) {
    Tensor whole = Tensor.of(t.storage(), Shape.of(t.storage().length())).to(dtype).clone();
    return whole.alias(t.shape(), t.strides(), t.offset()).detach();
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
    final List<SampleCase> cases = new ArrayList<>();
    private final Generator generator;

    Collector(long seed) {
      generator = new Generator(seed);
    }

    @Override
    public void add(Operation operation, Tensor... inputs) {
      boolean[] all = new boolean[inputs.length];
      Arrays.fill(all, true);
      cases.add(new SampleCase(operation, all, inputs, null));
    }

    @Override
    public void add(Operation operation, boolean[] smooth, Tensor... inputs) {
      cases.add(new SampleCase(operation, Arrays.copyOf(smooth, inputs.length), inputs, null));
    }

    @Override
    public void reject(Operation operation, String message, Tensor... inputs) {
      cases.add(new SampleCase(operation, new boolean[inputs.length], inputs, message));
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
      return low + (int) (uniform(0, high - low + 1).item());
    }
  }
}
