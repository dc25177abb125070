package dev.autograd.gradcheck.property;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// A random graph: leaves, and steps each of which takes values that are there already.
///
/// @param leaves the shapes of the leaves
/// @param steps what is done, in order
/// @param seed the seed of the leaves' values
record Chain(List<Shape> leaves, List<Step> steps, long seed) {

  /// One step.
  ///
  /// @param first how far back the first operand is, among the latest three values
  /// @param second how far back the second operand is, among all values
  record Step(Move move, int first, int second) {}

  /// Returns chains of 5 to 20 steps.
  static Arbitrary<Chain> over(Arbitrary<Shape> shapes) {
    // Edge cases would be chains of one kind of step; they crowd out the mixed ones.
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.of(Move.class),
                Arbitraries.integers().between(0, 2),
                Arbitraries.integers().between(0, 30))
            .as(Step::new);
    return Combinators.combine(
            shapes.list().ofMinSize(1).ofMaxSize(3),
            step.list().ofMinSize(5).ofMaxSize(20),
            Arbitraries.longs().between(0, Integer.MAX_VALUE))
        .as(Chain::new)
        .withoutEdgeCases();
  }

  /// Returns the leaves, with values between −1 and 1, requiring grad.
  List<Tensor> values(DType dtype) {
    Generator generator = new Generator(seed);
    List<Tensor> values = new ArrayList<>();
    for (Shape s : leaves) {
      Tensor uniform = Tensor.rand(s, DType.F64, generator).mul(2).sub(1);
      values.add(uniform.to(dtype).detach().requiresGrad(true));
    }
    return values;
  }

  /// Returns the last value.
  ///
  /// @param limit how many elements a value may have; of larger ones the first are taken
  Tensor run(List<Tensor> in, int limit) {
    List<Tensor> all = new ArrayList<>(in);
    for (Step s : steps) {
      Tensor a = all.get(all.size() - 1 - s.first() % all.size());
      Tensor b = all.get(all.size() - 1 - s.second() % all.size());
      Tensor y = s.move().apply(a, b);
      all.add(y.numel() > limit ? y.flatten().narrow(0, 0, limit) : y);
    }
    return all.getLast();
  }

  @Override
  public String toString() {
    return "leaves " + leaves + " seed " + seed + " steps " + steps;
  }
}
