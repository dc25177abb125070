package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Autograd;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.ForwardMode;
import dev.autograd.Function;
import dev.autograd.FunctionNode;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.MultiFunction;
import dev.autograd.SplitFunction;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The forms that functions of one's own can take, and what they can save.
class FunctionFormsTest {

  // --- differentiable once ---------------------------------------------------------------------

  /// Reads no saved tensor, so that its gradient depends on the incoming one only.
  private record Thrice() implements Function {
    @Override
    public boolean onceDifferentiable() {
      return true;
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].mul(3);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      assertThat(GradMode.isEnabled()).isFalse();
      return new Tensor[] {g.mul(3)};
    }
  }

  private record SquareOnce() implements Function {
    @Override
    public boolean onceDifferentiable() {
      return true;
    }

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

  private static Tensor slope(Tensor y, Tensor x, Tensor seed) {
    return Autograd.grad(List.of(y), List.of(x), List.of(seed), GradOptions.createGraph())
        .getFirst();
  }

  @Test
  void e15_theResultOfABackwardThatIsDifferentiableOnceCannotBeDifferentiated() {
    Tensor x = leaf(2);
    Tensor seed = leaf(1);
    Tensor g = slope(new Thrice().apply(x), x, seed);
    assertThat(g.item()).isEqualTo(3);
    assertThat(g.requiresGrad()).isTrue();
    assertThat(refused(ErrorKind.ONCE_DIFFERENTIABLE, () -> Autograd.grad(g, List.of(seed))))
        .hasMessageContaining("thrice");
    refused(ErrorKind.ONCE_DIFFERENTIABLE, g::backward);

    Tensor plain = slope(new Thrice().apply(x), x, constant(1));
    assertThat(plain.requiresGrad()).isFalse();
  }

  @Test
  void aSavedTensorThatRequiresGradMakesTheResultUndifferentiableToo() {
    Tensor x = leaf(2);
    Tensor g = slope(new SquareOnce().apply(x), x, constant(1));
    assertThat(g.item()).isEqualTo(4);
    refused(ErrorKind.ONCE_DIFFERENTIABLE, () -> Autograd.grad(g.mul(5), List.of(x)));
    Tensor other = leaf(7);
    assertThat(Autograd.grad(g.mul(other), List.of(other)).getFirst().item()).isEqualTo(4);
  }

  @Test
  void theFirstDerivativeIsAsAnyOther() {
    Tensor x = leaf(2);
    new SquareOnce().apply(x).backward();
    assertThat(gradOf(x)).containsExactly(4);
  }

  // --- parts that are missing ------------------------------------------------------------------

  @Test
  void e22_aFunctionWithoutBackwardCanBeAppliedOnly() {
    record Doubled() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return in[0].mul(2);
      }
    }
    record Both() implements MultiFunction {
      @Override
      public Tensor[] forward(Context ctx, Tensor... in) {
        return new Tensor[] {in[0].mul(2), in[0].mul(3)};
      }
    }
    Tensor x = leaf(1);
    Tensor y = new Doubled().apply(x);
    assertThat(y.item()).isEqualTo(2);
    assertThat(refused(ErrorKind.NO_BACKWARD, y::backward))
        .hasMessageContaining("doubled")
        .hasMessageContaining("Implement backward");
    refused(ErrorKind.NO_BACKWARD, () -> new Both().apply(x)[1].backward());
  }

  @Test
  void aFunctionWithAJvpOnlyIsDifferentiatedForwards() {
    record Doubled() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return in[0].mul(2);
      }

      @Override
      public @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
        return tangents[0].mul(2);
      }
    }
    try (var _ = ForwardMode.dualLevel()) {
      Tensor y = new Doubled().apply(ForwardMode.makeDual(constant(1), constant(5)));
      assertThat(ForwardMode.unpackDual(y).tangent().item()).isEqualTo(10);
    }
  }

  // --- what is saved ---------------------------------------------------------------------------

  @Test
  void e23_nullCanBeSaved() {
    record Square() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        ctx.save(null, in[0], null);
        return in[0].mul(in[0]);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        assertThat(ctx.savedOrNull(0)).isNull();
        assertThat(ctx.savedOrNull(2)).isNull();
        refused(ErrorKind.ARGUMENT, () -> ctx.saved(0));
        refused(ErrorKind.ARGUMENT, () -> ctx.savedOrNull(3));
        return new Tensor[] {ctx.savedOrNull(1).mul(2).mul(g)};
      }
    }
    Tensor x = leaf(3);
    Tensor y = new Square().apply(x);
    assertThat(((FunctionNode) y.gradFn()).savedValues()).containsExactly(null, x, null);
    refused(
        ErrorKind.ARGUMENT,
        () -> ((FunctionNode) y.gradFn()).savedTensors().getFirst().registerHooks(t -> t, t -> t));
    y.backward();
    assertThat(gradOf(x)).containsExactly(6);
  }

  /// The cube, by way of the square, which it saves.
  private record Cube(boolean declared) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      Tensor square = in[0].mul(in[0]);
      ctx.save(declared ? square.detach() : square);
      return square.mul(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {ctx.saved(0).mul(3).mul(g)};
    }
  }

  @Test
  void e24_aSecondDerivativeThroughASavedIntermediateIsAnError() {
    Tensor x = leaf(2);
    new Cube(false).apply(x).backward();
    assertThat(gradOf(x)).containsExactly(12);

    Tensor seed = leaf(1);
    Tensor g = slope(new Cube(false).apply(x), x, seed);
    assertThat(g.item()).isEqualTo(12);
    assertThat(Autograd.grad(g, List.of(seed), GradOptions.retainGraph()).getFirst().item())
        .as("where nothing flows into the intermediate value all is well")
        .isEqualTo(12);
    assertThat(refused(ErrorKind.SAVED_INTERMEDIATE, () -> Autograd.grad(g, List.of(x))))
        .hasMessageContaining("cube")
        .hasMessageContaining("saved value 0, of shape [1]")
        .hasMessageContaining("detach()");
  }

  @Test
  void e24_aDetachedIntermediateIsAConstantByDeclaration() {
    Tensor x = leaf(2);
    Tensor g = slope(new Cube(true).apply(x), x, constant(1));
    assertThat(g.requiresGrad()).isFalse();
  }

  @Test
  void aConstantFromOutsideIsNoIntermediate() {
    record Times(Tensor factor) implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        ctx.save(factor);
        return in[0].mul(factor);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {ctx.saved(0).mul(g)};
      }
    }
    Tensor x = leaf(2);
    Tensor y = new Times(constant(3)).apply(x);
    assertThat(slope(y.mul(y), x, constant(1)).item()).isEqualTo(36);
    Tensor g = slope(y.mul(y), x, constant(1));
    assertThat(Autograd.grad(g, List.of(x)).getFirst().item()).isEqualTo(18);
  }

  @Test
  void savedValuesCanBeLetGoOfAsTheyAreRead() {
    record Product(List<Boolean> freed) implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        ctx.clearSavedOnAccess();
        ctx.save(in);
        return in[0].mul(in[1]);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        Tensor a = ctx.saved(0);
        Tensor b = ctx.saved(1);
        try {
          ctx.saved(0);
          freed.add(false);
        } catch (dev.autograd.AutogradException e) {
          assertThat(e.kind()).isEqualTo(ErrorKind.GRAPH_FREED);
          assertThat(e).hasMessageContaining("read before");
          freed.add(true);
        }
        return new Tensor[] {b.mul(g), a.mul(g)};
      }
    }
    List<Boolean> freed = new ArrayList<>();
    Tensor a = leaf(2);
    Tensor b = leaf(3);
    Tensor y = new Product(freed).apply(a, b);
    y.backward(GradOptions.retainGraph());
    y.backward();
    assertThat(freed).containsExactly(false, true);
    assertThat(gradOf(a)).containsExactly(6);
    assertThat(gradOf(b)).containsExactly(4);
  }

  // --- split -----------------------------------------------------------------------------------

  private record Power(int exponent) implements SplitFunction {
    Power() {
      this(2);
    }

    @Override
    public Tensor compute(Tensor... in) {
      return in[0].pow(exponent);
    }

    @Override
    public void setupContext(Context ctx, Tensor[] in, Tensor y) {
      ctx.save(in[0], y);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {ctx.saved(1).div(ctx.saved(0)).mul(exponent).mul(g)};
    }
  }

  @Test
  void e25_forwardAndTheSettingUpOfTheContextMayBeApart() {
    Tensor x = leaf(3);
    Tensor y = new Power().apply(x);
    assertThat(y.item()).isEqualTo(9);
    Tensor g = slope(y, x, constant(1));
    assertThat(g.item()).isEqualTo(6);
    assertThat(Autograd.grad(g, List.of(x)).getFirst().item()).isEqualTo(2);
    assertThat(new Power(3).apply(constant(2)).requiresGrad()).isFalse();
  }
}
