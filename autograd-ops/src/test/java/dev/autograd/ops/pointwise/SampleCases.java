package dev.autograd.ops.pointwise;

import dev.autograd.DType;
import dev.autograd.Operation;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.spi.Samples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Collects the samples of an operation, in f64, from a fixed seed.
final class SampleCases implements Samples {
  record Case(Operation operation, Tensor[] inputs) {}

  record Refusal(Operation operation, String message, Tensor[] inputs) {}

  final List<Case> cases = new ArrayList<>();
  final List<Refusal> refusals = new ArrayList<>();
  private final Random random;

  private SampleCases(long seed) {
    random = new Random(seed);
  }

  static SampleCases of(Operation op, long seed) {
    SampleCases samples = new SampleCases(seed);
    op.samples(samples);
    return samples;
  }

  @Override
  public void add(Operation operation, Tensor... inputs) {
    cases.add(new Case(operation, inputs));
  }

  @Override
  public void add(Operation operation, boolean[] smooth, Tensor... inputs) {
    throw new UnsupportedOperationException("formulas are smooth in all inputs of their samples");
  }

  @Override
  public void reject(Operation operation, String message, Tensor... inputs) {
    refusals.add(new Refusal(operation, message, inputs));
  }

  private Tensor filled(int[] shape, java.util.function.DoubleSupplier next) {
    Shape s = Shape.of(shape);
    double[] values = new double[s.numel()];
    for (int i = 0; i < values.length; i++) {
      values[i] = next.getAsDouble();
    }
    return Tensor.of(Storage.of(values, DType.F64), s);
  }

  @Override
  public Tensor randn(int... shape) {
    return filled(shape, random::nextGaussian);
  }

  @Override
  public Tensor uniform(double low, double high, int... shape) {
    return filled(shape, () -> low + (high - low) * random.nextDouble());
  }

  @Override
  public Tensor distinct(int... shape) {
    int n = Shape.of(shape).numel();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      values.add(-2 + 4.0 * (i + 0.5) / n);
    }
    Collections.shuffle(values, random);
    var next = values.iterator();
    return filled(shape, next::next);
  }

  @Override
  public Tensor indices(int bound, int... shape) {
    return filled(shape, () -> random.nextInt(bound)).to(DType.I64);
  }

  @Override
  public Tensor bools(int... shape) {
    return filled(shape, () -> random.nextInt(2)).ne(0);
  }

  @Override
  public int size(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }
}
