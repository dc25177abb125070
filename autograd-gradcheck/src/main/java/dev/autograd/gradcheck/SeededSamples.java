package dev.autograd.gradcheck;

import dev.autograd.DType;
import dev.autograd.Operation;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.spi.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/// Draws the samples of one round from one seed, in double precision.
final class SeededSamples implements Samples {

  /// Inputs that must be refused.
  record Rejected(Operation operation, List<Tensor> inputs, String message) {}

  private final long seed;
  private final SplittableRandom random;

  /// The sizes that were drawn, or are to be handed out again.
  private final List<Integer> sizes = new ArrayList<>();

  private final Iterator<Integer> known;
  private final List<Case> cases = new ArrayList<>();
  private final List<Rejected> rejected = new ArrayList<>();

  SeededSamples(long seed) {
    this(seed, seed, List.of());
  }

  private SeededSamples(long seed, long values, List<Integer> known) {
    this.seed = seed;
    this.random = new SplittableRandom(values);
    this.known = known.iterator();
  }

  /// Returns what draws other values for samples of the same sizes as were drawn here.
  SeededSamples ofEqualSizes() {
    return new SeededSamples(seed, ~seed, List.copyOf(sizes));
  }

  List<Case> cases() {
    return cases;
  }

  List<Rejected> rejected() {
    return rejected;
  }

  @Override
  public void add(Operation operation, Tensor... inputs) {
    boolean[] smooth = new boolean[inputs.length];
    Arrays.fill(smooth, true);
    add(operation, smooth, inputs);
  }

  @Override
  public void add(Operation operation, boolean[] smooth, Tensor... inputs) {
    if (smooth.length != inputs.length) {
      throw new IllegalArgumentException(
          "samples of " + operation + ": one flag for each input is expected");
    }
    List<Boolean> flags = new ArrayList<>();
    for (boolean s : smooth) {
      flags.add(s);
    }
    cases.add(new Case(operation, List.of(inputs), List.copyOf(flags), seed, cases.size()));
  }

  @Override
  public void reject(Operation operation, String message, Tensor... inputs) {
    rejected.add(new Rejected(operation, List.of(inputs), message));
  }

  @Override
  public Tensor randn(int... shape) {
    return doubles(shape, random::nextGaussian);
  }

  @Override
  public Tensor uniform(double low, double high, int... shape) {
    return doubles(shape, () -> low + (high - low) * random.nextDouble());
  }

  @Override
  public Tensor distinct(int... shape) {
    int n = Shape.of(shape).numel();
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      // Cells of equal width, jittered within their middle halves, keep neighbours apart.
      values[i] = -2 + 4 * (i + 0.25 + 0.5 * random.nextDouble()) / n;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double t = values[i];
      values[i] = values[j];
      values[j] = t;
    }
    return tensor(values, shape);
  }

  @Override
  public Tensor indices(int bound, int... shape) {
    long[] values = new long[Shape.of(shape).numel()];
    Arrays.setAll(values, _ -> random.nextInt(bound));
    return Tensor.of(Storage.of(values, DType.I64), Shape.of(shape));
  }

  @Override
  public Tensor bools(int... shape) {
    byte[] values = new byte[Shape.of(shape).numel()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (random.nextBoolean() ? 1 : 0);
    }
    return Tensor.of(Storage.of(values, DType.BOOL), Shape.of(shape));
  }

  @Override
  public int size(int low, int high) {
    int size = known.hasNext() ? known.next() : random.nextInt(low, high + 1);
    sizes.add(size);
    return size;
  }

  private Tensor doubles(int[] shape, DoubleSupplier next) {
    double[] values = new double[Shape.of(shape).numel()];
    Arrays.setAll(values, _ -> next.getAsDouble());
    return tensor(values, shape);
  }

  private static Tensor tensor(double[] values, int[] shape) {
    return Tensor.of(Storage.of(values, DType.F64), Shape.of(shape));
  }
}
