package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.ForwardMode;
import dev.autograd.Function;
import dev.autograd.GradMode;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Dual tensors.
class ForwardModeTest {
  private static double[] tangent(Tensor y) {
    Tensor t = ForwardMode.unpackDual(y).tangent();
    assertThat(t).as("tangent of %s", y).isNotNull();
    return t.toDoubleArray();
  }

  @Test
  void l01_aDualTensorCarriesItsDerivative() {
    try (var _ = ForwardMode.dualLevel()) {
      Tensor x = ForwardMode.makeDual(constant(2), constant(1));
      Tensor y = x.pow(3).add(x.sin());
      assertThat(ForwardMode.unpackDual(y).primal().item()).isEqualTo(8.909297, within(1e-6));
      assertThat(tangent(y)[0]).isEqualTo(11.583853, within(1e-6));
      assertThat(x).hasToString("tensor([2.0], dtype=f64, dual)");
    }
  }

  @Test
  void l04_aTangentHasTheShapeAndTypeOfItsPrimal() {
    try (var _ = ForwardMode.dualLevel()) {
      refused(ErrorKind.FWAD_SIZE, () -> ForwardMode.makeDual(constant(1, 2), constant(1, 2, 3)));
      Tensor f32 = Tensor.ones(2);
      refused(ErrorKind.FWAD_SIZE, () -> ForwardMode.makeDual(constant(1, 2), f32));
      Tensor i64 = Tensor.arange(2);
      refused(ErrorKind.DTYPE, () -> ForwardMode.makeDual(i64, i64));
    }
  }

  @Test
  void l05_levelsDoNotNest() {
    try (var _ = ForwardMode.dualLevel()) {
      refused(ErrorKind.FWAD_NESTED, ForwardMode::dualLevel);
    }
    ForwardMode.dualLevel().close();
  }

  @Test
  void l06_aDualTensorNeedsALevel() {
    refused(ErrorKind.FWAD_NO_LEVEL, () -> ForwardMode.makeDual(constant(1), constant(1)));
    assertThat(ForwardMode.unpackDual(constant(1)).tangent()).isNull();
  }

  @Test
  void l07_noGradLetsTangentsThroughAndDetachStopsThem() {
    try (var _ = ForwardMode.dualLevel()) {
      Tensor x = ForwardMode.makeDual(constant(1, 2), constant(1, 1));
      Tensor y = GradMode.noGrad(() -> x.mul(3));
      assertThat(tangent(y)).containsExactly(3, 3);
      assertThat(ForwardMode.unpackDual(x.detach().mul(3)).tangent()).isNull();
    }
  }

  @Test
  void l08_aTangentCanBeBackPropagated() {
    Tensor x = leaf(2);
    try (var _ = ForwardMode.dualLevel()) {
      Tensor y = ForwardMode.makeDual(x, constant(1)).pow(3);
      ForwardMode.unpackDual(y).tangent().backward();
    }
    assertThat(gradOf(x)).containsExactly(12);
  }

  @Test
  void aBackwardThroughDualTensorsGivesDualGradients() {
    Tensor x = leaf(1, 2);
    try (var _ = ForwardMode.dualLevel()) {
      Tensor d = ForwardMode.makeDual(x, constant(1, 0));
      // exp saves its result, pow its input.
      Tensor y = d.exp().add(d.pow(3)).sum();
      Tensor g = Autograd.grad(y, List.of(x)).getFirst();
      assertThat(tangent(g)[0]).isEqualTo(Math.E + 6, within(1e-9));
      assertThat(tangent(g)[1]).isZero();
    }
  }

  @Test
  void l10_aFunctionWhoseBackwardIsMissingNeedsARuleForTangents() {
    record NoWayBack() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return in[0].mul(2);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        throw new dev.autograd.AutogradException(ErrorKind.NO_BACKWARD, "there is none");
      }
    }
    try (var _ = ForwardMode.dualLevel()) {
      Tensor x = ForwardMode.makeDual(constant(1), constant(1));
      assertThat(refused(ErrorKind.NO_JVP, () -> new NoWayBack().apply(x)))
          .hasMessageContaining("no_way_back");
    }
  }

  record Cube() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].mul(in[0]).mul(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      Tensor x = ctx.saved(0);
      return new Tensor[] {x.mul(x).mul(3).mul(g)};
    }
  }

  record CubeWithRule() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].mul(in[0]).mul(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      throw new IllegalStateException("forward mode does not need it");
    }

    @Override
    public Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
      Tensor x = ctx.saved(0);
      return x.mul(x).mul(3).mul(tangents[0]);
    }
  }

  @Test
  void e28_aCustomFunctionsOwnTangentRuleIsUsed() {
    try (var _ = ForwardMode.dualLevel()) {
      Tensor x = ForwardMode.makeDual(constant(2), constant(1));
      assertThat(tangent(new CubeWithRule().apply(x))).containsExactly(12);
    }
  }

  @Test
  void e28_withoutARuleTheTangentFollowsFromTheBackward() {
    try (var _ = ForwardMode.dualLevel()) {
      Tensor x = ForwardMode.makeDual(constant(2), constant(1));
      assertThat(tangent(new Cube().apply(x))).containsExactly(12);
    }
    Tensor x = leaf(2);
    try (var _ = ForwardMode.dualLevel()) {
      Tensor y = new Cube().apply(ForwardMode.makeDual(x, constant(1)));
      ForwardMode.unpackDual(y).tangent().backward();
    }
    assertThat(gradOf(x)).containsExactly(12);
  }

  record SumAndProduct() implements MultiFunction {
    @Override
    public Tensor[] forward(Context ctx, Tensor... in) {
      ctx.save(in[0], in[1]);
      return new Tensor[] {in[0].add(in[1]), in[0].mul(in[1])};
    }

    @Override
    public Tensor[] backward(Context ctx, @Nullable Tensor... g) {
      return new Tensor[] {
        g[0].add(g[1].mul(ctx.saved(1))), g[0].add(g[1].mul(ctx.saved(0))),
      };
    }
  }

  @Test
  void everyOutputHasItsOwnTangent() {
    try (var _ = ForwardMode.dualLevel()) {
      Tensor a = ForwardMode.makeDual(constant(2), constant(1));
      Tensor[] y = new SumAndProduct().apply(a, constant(5));
      assertThat(tangent(y[0])).containsExactly(1);
      assertThat(tangent(y[1])).containsExactly(5);
    }
  }

  @Test
  void tangentsLoseTheirMeaningWithTheirLevel() {
    Tensor y;
    try (var _ = ForwardMode.dualLevel()) {
      y = ForwardMode.makeDual(constant(2), constant(1)).mul(2);
    }
    try (var _ = ForwardMode.dualLevel()) {
      assertThat(ForwardMode.unpackDual(y.mul(2)).tangent()).isNull();
    }
  }

  @Test
  void writesThroughViewsReachTheTangents() {
    try (var _ = ForwardMode.dualLevel()) {
      Tensor x = ForwardMode.makeDual(constant(1, 2, 3), constant(1, 1, 1)).clone();
      x.slice(0, 1, 3, 1).mul_(10);
      assertThat(tangent(x)).containsExactly(1, 10, 10);
      Tensor plain = constant(1, 2, 3);
      Tensor earlier = plain.slice(0, 0, 2, 1);
      plain.slice(0, 1, 2, 1).copy_(ForwardMode.makeDual(constant(7), constant(4)));
      assertThat(tangent(plain)).containsExactly(0, 4, 0);
      assertThat(tangent(earlier)).containsExactly(0, 4);
      x.fill_(3);
      assertThat(tangent(x)).containsExactly(0, 0, 0);
    }
  }

  @Test
  void integerResultsHaveNoTangent() {
    try (var _ = ForwardMode.dualLevel()) {
      Tensor x = ForwardMode.makeDual(constant(1, 3, 2), constant(1, 2, 3));
      assertThat(ForwardMode.unpackDual(x.argmax()).tangent()).isNull();
      assertThat(ForwardMode.unpackDual(x.gt(1)).tangent()).isNull();
      var max = x.max(0, false);
      assertThat(tangent(max.values())).containsExactly(2);
    }
  }

  @Test
  void theTangentIsADirectionalDerivativeForAllKindsOfOperations() {
    List<UnaryOperator<Tensor>> all =
        List.of(
            x -> x.matmul(x.t()).sum(),
            x -> x.softmax(1).mul(x),
            x -> x.sum(new int[] {0}, true).div(x),
            x -> Tensor.cat(List.of(x, x.exp()), 1),
            x -> x.var(new int[] {1}, 1, true).sqrt(),
            x -> x.logsumexp(1),
            x -> x.prod(),
            x -> x.cumsum(1).tanh(),
            x -> x.permute(1, 0).flip(0).reshape(6),
            x -> x.to(DType.F32).to(DType.F64).mul(2));
    Tensor x = Tensor.randn(Shape.of(2, 3), DType.F64, new dev.autograd.Generator(7));
    Tensor v = Tensor.randn(Shape.of(2, 3), DType.F64, new dev.autograd.Generator(8));
    double h = 1e-6;
    for (int i = 0; i < all.size(); i++) {
      UnaryOperator<Tensor> f = all.get(i);
      double[] numeric =
          f.apply(x.add(v.mul(h))).sub(f.apply(x.sub(v.mul(h)))).div(2 * h).toDoubleArray();
      double tolerance = i == all.size() - 1 ? 1 : 1e-6;
      try (var _ = ForwardMode.dualLevel()) {
        assertThat(tangent(f.apply(ForwardMode.makeDual(x, v))))
            .as("function %d", i)
            .containsExactly(numeric, within(tolerance));
      }
    }
  }
}
