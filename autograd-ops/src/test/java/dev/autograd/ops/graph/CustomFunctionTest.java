package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.leafOf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Autograd;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.FunctionContractException;
import dev.autograd.FunctionNode;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Functions that a user brings.
class CustomFunctionTest {
  record Square() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in[0]);
      return in[0].mul(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {ctx.saved(0).mul(2).mul(g)};
    }
  }

  /// `a + k b + a b`
  record Mixed(double k) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in);
      return in[0].add(in[1].mul(k)).add(in[0].mul(in[1]));
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(ctx.saved(1).add(1)), g.mul(ctx.saved(0).add(k))};
    }
  }

  /// The identity, with whatever gradients the test wants.
  record Identity(java.util.function.Function<Tensor, @Nullable Tensor[]> rule)
      implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      return rule.apply(g);
    }
  }

  /// `(2 x, 3 x)`; tells what came in.
  record TwoOutputs(boolean materialize, List<@Nullable Tensor> seen) implements MultiFunction {
    @Override
    public Tensor[] forward(Context ctx, Tensor... in) {
      ctx.materializeGrads(materialize);
      return new Tensor[] {in[0].mul(2), in[0].mul(3)};
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
      seen.addAll(Arrays.asList(g));
      return new Tensor[] {g[0] == null ? null : g[0].mul(2)};
    }
  }

  /// Doubles its input in place.
  record DoubleInPlace(boolean returned) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.markDirty(in[0]);
      Tensor.operations().copyInto(in[0].mul(2), in[0]);
      return returned ? in[0] : in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(2)};
    }
  }

  @Test
  void e01_squareAndItsSecondDerivative() {
    Tensor x = leaf(3);
    Tensor y = new Square().apply(x);
    assertThat(y.gradFn().name()).isEqualTo("SquareBackward");
    Tensor d1 = Autograd.grad(y, List.of(x), GradOptions.createGraph()).getFirst();
    Tensor d2 = Autograd.grad(d1, List.of(x)).getFirst();
    assertThat(d1.item()).isEqualTo(6);
    assertThat(d2.item()).isEqualTo(2);
  }

  @Test
  void e02_attributesTakeNoGradient() {
    Tensor a = leaf(1, 2);
    Tensor b = leaf(3, 4);
    new Mixed(2).apply(a, b).sum().backward();
    assertThat(gradOf(a)).containsExactly(4, 5);
    assertThat(gradOf(b)).containsExactly(3, 4);
  }

  @Test
  void e03_needsTellsWhichGradientsAreWanted() {
    List<Boolean> seen = new ArrayList<>();
    record Asking(List<Boolean> seen) implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        seen.add(ctx.needs(0));
        seen.add(ctx.needs(1));
        return in[0].mul(in[1]);
      }

      @Override
      public @Nullable Tensor[] backward(Context ctx, Tensor g) {
        seen.add(ctx.needs(0));
        seen.add(ctx.needs(1));
        return new Tensor[] {g, null};
      }
    }
    Asking f = new Asking(seen);
    f.apply(leaf(1), constant(2)).backward();
    assertThat(seen).containsExactly(true, false, true, false);
    seen.clear();
    GradMode.noGrad(() -> f.apply(leaf(1), leaf(2)));
    assertThat(seen).as("nothing is recorded").containsExactly(false, false);
  }

  @Test
  void aGradientThatNobodyNeedsIsIgnored() {
    Tensor a = leaf(1, 2);
    Tensor b = constant(3, 4);
    new Mixed(2).apply(a, b).sum().backward();
    assertThat(gradOf(a)).containsExactly(4, 5);
    assertThat(b.grad()).isNull();
  }

  @Test
  void e05_aLargerGradientIsSummedDown() {
    Tensor x = leaf(1, 2);
    new Identity(_ -> new Tensor[] {Tensor.full(Shape.of(4, 2), 2, DType.F64)})
        .apply(x)
        .sum()
        .backward();
    assertThat(gradOf(x)).containsExactly(8, 8);
  }

  @Test
  void aGradientOfAnUnrelatedShapeIsAMistake() {
    Tensor y =
        new Identity(_ -> new Tensor[] {Tensor.zeros(Shape.of(3), DType.F64)})
            .apply(leaf(1, 2))
            .sum();
    var e = refused(ErrorKind.BAD_GRAD_SHAPE, y::backward);
    assertThat(e).hasMessageContaining("identity: ").hasMessageContaining("[3] for input 0");
    assertThat(e.getMessage()).contains("[2]");
    assertThat(((FunctionContractException) e).function()).isEqualTo("identity");
  }

  @Test
  void e06_oneGradientForEachInputIsExpected() {
    record OneForTwo() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return in[0].add(in[1]);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g};
      }
    }
    Tensor y = new OneForTwo().apply(leaf(1), leaf(2));
    assertThat(refused(ErrorKind.BAD_GRAD_COUNT, y::backward))
        .hasMessageContaining("one_for_two")
        .hasMessageContaining("expected 2, got 1");
  }

  @Test
  void e07_surplusNullsAreToleratedAndSurplusGradientsAreNot() {
    Tensor x = leaf(5);
    new Identity(g -> new Tensor[] {g, null, null}).apply(x).backward();
    assertThat(gradOf(x)).containsExactly(1);
    Tensor y = new Identity(g -> new Tensor[] {g, g}).apply(x);
    assertThat(refused(ErrorKind.BAD_GRAD_COUNT, y::backward))
        .hasMessageContaining("expected 1, got 2");
  }

  @Test
  void e08_aNullGradientIsAbsentNotZero() {
    Tensor x = leaf(1);
    new Identity(_ -> new Tensor[] {null}).apply(x).backward();
    assertThat(x.grad()).isNull();
  }

  @Test
  void anAbsentGradientStopsTheWalkOnItsPathOnly() {
    Tensor x = leaf(1, 2);
    Tensor stopped = new Identity(_ -> new Tensor[] {null}).apply(x.exp());
    stopped.mul(x).sum().backward();
    assertThat(gradOf(x)).containsExactly(Math.E, Math.exp(2));
  }

  @Test
  void e09_anUnusedOutputArrivesAsZeros() {
    List<@Nullable Tensor> seen = new ArrayList<>();
    Tensor x = leaf(1);
    Tensor[] y = new TwoOutputs(true, seen).apply(x);
    y[0].backward();
    assertThat(seen).hasSize(2);
    assertThat(seen.get(0).toDoubleArray()).containsExactly(1);
    assertThat(seen.get(1).toDoubleArray()).containsExactly(0);
    assertThat(gradOf(x)).containsExactly(2);
  }

  @Test
  void e10_anUnusedOutputArrivesAsNullOnRequest() {
    List<@Nullable Tensor> seen = new ArrayList<>();
    Tensor x = leaf(1);
    Tensor[] y = new TwoOutputs(false, seen).apply(x);
    y[1].backward();
    assertThat(seen.get(0)).isNull();
    assertThat(seen.get(1).toDoubleArray()).containsExactly(1);
    assertThat(x.grad()).isNull();
  }

  @Test
  void e12_aDirtyInputIsReturnedItself() {
    Tensor a = leaf(1, 2);
    Tensor c = a.clone();
    Tensor returned = new DoubleInPlace(true).apply(c);
    assertThat(returned).isSameAs(c);
    assertThat(c.toDoubleArray()).containsExactly(2, 4);
    assertThat(c.version()).isEqualTo(1);
    assertThat(c.gradFn().name()).isEqualTo("DoubleInPlaceBackward");
    c.sum().backward();
    assertThat(gradOf(a)).containsExactly(2, 2);
  }

  @Test
  void aDirtyWriteCountsWhereNothingIsRecorded() {
    Tensor c = constant(1, 2);
    assertThat(new DoubleInPlace(true).apply(c)).isSameAs(c);
    assertThat(c.version()).isEqualTo(1);
  }

  @Test
  void e14_aDirtyInputMustBeReturned() {
    Tensor c = leaf(1, 2).clone();
    assertThat(refused(ErrorKind.DIRTY_NOT_RETURNED, () -> new DoubleInPlace(false).apply(c)))
        .hasMessageContaining("double_in_place")
        .hasMessageContaining("[2]");
  }

  @Test
  void aFunctionMaySaveItsDirtyOutput() {
    record ExpInPlace() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        ctx.markDirty(in[0]);
        Tensor.operations().copyInto(in[0].exp(), in[0]);
        ctx.save(in[0]);
        return in[0];
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g.mul(ctx.saved(0))};
      }
    }
    Tensor a = leaf(0, 1);
    Tensor y = new ExpInPlace().apply(a.clone());
    y.sum().backward();
    assertThat(gradOf(a)).containsExactly(1, Math.E);
  }

  @Test
  void e17_whatAFreedGraphSavedCannotBeRead() {
    Tensor y = new Square().apply(leaf(3));
    FunctionNode node = (FunctionNode) y.gradFn();
    assertThat(node.savedValues()).hasSize(1);
    y.backward();
    assertThat(refused(ErrorKind.GRAPH_FREED, node::savedValues))
        .hasMessageContaining("SquareBackward");
  }

  @Test
  void e19_recordingIsOffInForwardAndFollowsTheOptionInBackward() {
    List<Boolean> seen = new ArrayList<>();
    record Watching(List<Boolean> seen) implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        seen.add(GradMode.isEnabled());
        return in[0].clone();
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        seen.add(GradMode.isEnabled());
        return new Tensor[] {g};
      }
    }
    Tensor y = new Watching(seen).apply(leaf(1));
    y.backward(GradOptions.retainGraph());
    y.backward(GradOptions.createGraph());
    assertThat(seen).containsExactly(false, false, true);
    assertThat(GradMode.isEnabled()).isTrue();
  }

  @Test
  void e21_theExceptionOfABackwardArrivesUnchangedAndTheEngineGoesOn() {
    IllegalStateException boom = new IllegalStateException("boom");
    Tensor y =
        new Identity(
                _ -> {
                  throw boom;
                })
            .apply(leaf(1));
    assertThatThrownBy(y::backward).isSameAs(boom);
    assertThat(GradMode.isEnabled()).isTrue();

    Tensor x = leaf(1, 1, 1); // O14
    x.mul(2).sum().backward();
    assertThat(gradOf(x)).containsExactly(2, 2, 2);
  }

  @Test
  void theExceptionOfAForwardLeavesTheModeAsItWas() {
    record Failing() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        throw new IllegalArgumentException("forward");
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g};
      }
    }
    assertThatThrownBy(() -> new Failing().apply(leaf(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("forward");
    assertThat(leaf(1).mul(2).requiresGrad()).isTrue();
  }

  @Test
  void p10_aGradientOfAnotherTypeIsCastToItsInputs() {
    Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad(true);
    new Identity(g -> new Tensor[] {g.to(DType.F64)}).apply(x).sum().backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.F32);
  }

  @Test
  void anInputHandedBackKeepsItsOwnHistory() {
    record Same() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return in[0];
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g.mul(5)};
      }
    }
    Tensor x = leaf(1, 2);
    Tensor y = new Same().apply(x);
    assertThat(x.isLeaf()).isTrue();
    assertThat(y).isNotSameAs(x);
    y.sum().backward();
    assertThat(gradOf(x)).containsExactly(5, 5);
  }

  @Test
  void anOutputMayBeDeclaredWithoutGradient() {
    record Rounded() implements MultiFunction {
      @Override
      public Tensor[] forward(Context ctx, Tensor... in) {
        Tensor whole = in[0].floor();
        ctx.markNonDifferentiable(whole);
        return new Tensor[] {whole, in[0].sub(whole)};
      }

      @Override
      public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
        return new Tensor[] {g[1]};
      }
    }
    Tensor x = leaf(2.5);
    Tensor[] y = new Rounded().apply(x);
    assertThat(y[0].requiresGrad()).isFalse();
    y[1].backward();
    assertThat(gradOf(x)).containsExactly(1);
  }

  @Test
  void keptValuesAreFreedWithTheGraph() {
    record Scaled() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        ctx.keep(new double[] {3});
        return in[0].mul(3);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g.mul(ctx.kept(double[].class)[0])};
      }
    }
    Tensor x = leaf(1);
    Tensor y = new Scaled().apply(x);
    y.backward();
    assertThat(gradOf(x)).containsExactly(3);
    refused(ErrorKind.GRAPH_FREED, y::backward);
  }

  @Test
  void whatForwardDidNotLeaveCannotBeAskedFor() {
    record Forgetful(boolean kept) implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return in[0].clone();
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {kept ? ctx.kept(Tensor.class) : ctx.saved(0)};
      }
    }
    assertThat(refused(ErrorKind.ARGUMENT, new Forgetful(true).apply(leaf(1))::backward))
        .hasMessageContaining("forgetful")
        .hasMessageContaining("did not keep");
    assertThat(refused(ErrorKind.ARGUMENT, new Forgetful(false).apply(leaf(1))::backward))
        .hasMessageContaining("forgetful")
        .hasMessageContaining("saved tensor 0")
        .hasMessageContaining("saved 0");
  }

  @Test
  void savingTwiceIsAMistake() {
    record Twice() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        ctx.save(in[0]);
        ctx.save(in[0]);
        return in[0].clone();
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g};
      }
    }
    assertThat(refused(ErrorKind.ARGUMENT, () -> new Twice().apply(leaf(1))))
        .hasMessageContaining("twice: save may be called once");
  }

  @Test
  void aBackwardThatReturnsNoArrayIsAMistake() {
    Tensor y = new Identity(_ -> null).apply(leaf(1));
    assertThat(refused(ErrorKind.BAD_GRAD_COUNT, y::backward))
        .hasMessageContaining("identity")
        .hasMessageContaining("null");
  }

  @Test
  void aForwardThatReturnsNothingIsAMistake() {
    record Nothing() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return null;
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g};
      }
    }
    for (Tensor x : List.of(leaf(1), constant(1))) {
      assertThat(refused(ErrorKind.ARGUMENT, () -> new Nothing().apply(x)))
          .hasMessageContaining("nothing: forward returned null");
    }
  }

  @Test
  void aTensorThatTheFunctionKeepsIsNeverTheEnginesToWriteInto() {
    Tensor weights = constant(2, 3);
    Tensor x = leaf(1, 1);
    Tensor y = new Identity(_ -> new Tensor[] {weights}).apply(x).sum();
    y.backward();
    new Identity(_ -> new Tensor[] {weights}).apply(x).sum().backward();
    assertThat(gradOf(x)).containsExactly(4, 6);
    assertThat(weights.toDoubleArray()).as("the function's own tensor").containsExactly(2, 3);

    Tensor z = leaf(1, 1);
    Tensor shared = z.clone();
    new Identity(_ -> new Tensor[] {weights}).apply(shared).add(shared).sum().backward();
    assertThat(gradOf(z)).containsExactly(3, 4);
    assertThat(weights.toDoubleArray()).as("the function's own tensor").containsExactly(2, 3);
  }

  @Test
  void contextTellsShapesAndTypesOfTheInputs() {
    record Reporting(List<Object> seen) implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        report(ctx);
        return in[0].clone();
      }

      @Override
      public @Nullable Tensor[] backward(Context ctx, Tensor g) {
        report(ctx);
        return new Tensor[] {g, null};
      }

      private void report(Context ctx) {
        seen.addAll(List.of(ctx.inputCount(), ctx.inputShape(1), ctx.inputType(1)));
      }
    }
    List<Object> seen = new ArrayList<>();
    Tensor index = Tensor.of(new long[] {1, 2, 3}, 1, 3);
    new Reporting(seen).apply(leafOf(new double[] {1}, 1), index).backward();
    assertThat(seen).containsExactly(2, Shape.of(1, 3), DType.I64, 2, Shape.of(1, 3), DType.I64);
  }
}
