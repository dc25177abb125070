package dev.autograd.ops.functional;

import static dev.autograd.functional.Functional.grad;
import static dev.autograd.functional.Functional.hessian;
import static dev.autograd.functional.Functional.jacrev;
import static dev.autograd.functional.Functional.jvp;
import static dev.autograd.functional.Functional.vmap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Generator;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.Vmap.Randomness;
import dev.autograd.functional.TensorFunction;
import dev.autograd.functional.VmapOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Functions mapped over the samples of their arguments.
class VmapTest {
  private static final Tensor W = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
  private static final Tensor X = Tensor.of(new double[] {1, 0, 0, 1, 1, 1}, 3, 2);

  private static void refused(ErrorKind kind, ThrowingCallable call) {
    AutogradException e = catchThrowableOfType(AutogradException.class, call);
    assertThat(e).as("an error of kind %s", kind).isNotNull();
    assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
  }

  private static Tensor random(int seed, int... shape) {
    return Tensor.randn(Shape.of(shape), DType.F64, new Generator(seed));
  }

  @Test
  void m21_vmapOfGradGivesPerSampleGradients() {
    UnaryOperator<Tensor> loss = x -> W.matmul(x).pow(2).sum();
    Tensor g = vmap(grad(loss)).apply(X);
    assertThat(g.shape()).isEqualTo(Shape.of(3, 2));
    assertThat(g.toDoubleArray()).containsExactly(20, 28, 28, 40, 48, 68);
  }

  @Test
  void gradientsBySharedParametersAreKeptApartForTheSamples() {
    BinaryOperator<Tensor> loss = (w, x) -> w.matmul(x).pow(2).sum();
    Tensor g = vmap(grad(loss, 0), VmapOptions.inDims(null, 0)).apply(W, X);
    assertThat(g.shape()).isEqualTo(Shape.of(3, 2, 2));
    for (int i = 0; i < 3; i++) {
      Tensor w = W.detach().requiresGrad(true);
      Tensor expected = Autograd.grad(loss.apply(w, X.select(0, i)), List.of(w)).getFirst();
      assertThat(g.select(0, i).toDoubleArray()).containsExactly(expected.toDoubleArray());
    }
  }

  @Test
  void m22_dimensionsAreChosenAndArgumentsShared() {
    Tensor x = Tensor.of(new double[] {1, 2, 3}, 1, 3);
    BinaryOperator<Tensor> product = (a, b) -> a.mul(b);
    Tensor y = vmap(product, VmapOptions.inDims(1, null)).apply(x, Tensor.scalar(10, DType.F64));
    assertThat(y.shape()).isEqualTo(Shape.of(3, 1));
    assertThat(y.toDoubleArray()).containsExactly(10, 20, 30);
    Tensor last =
        vmap(product, VmapOptions.inDims(1, null).outDims(1))
            .apply(x, Tensor.scalar(10, DType.F64));
    assertThat(last.shape()).isEqualTo(Shape.of(1, 3));
  }

  @Test
  void m23_randomnessIsAChoice() {
    UnaryOperator<Tensor> noisy =
        x -> x.add(Tensor.randn(Shape.of(2), DType.F64, new Generator(3)));
    Tensor x = Tensor.zeros(Shape.of(4, 2), DType.F64);
    refused(ErrorKind.VMAP_RANDOM, () -> vmap(noisy).apply(x));
    VmapOptions options = VmapOptions.defaults();
    Tensor same = vmap(noisy, options.randomness(Randomness.SAME)).apply(x);
    Tensor different = vmap(noisy, options.randomness(Randomness.DIFFERENT)).apply(x);
    for (int i = 1; i < 4; i++) {
      double[] first = same.select(0, 0).toDoubleArray();
      assertThat(same.select(0, i).toDoubleArray()).containsExactly(first);
      assertThat(different.select(0, i).toDoubleArray())
          .isNotEqualTo(different.select(0, 0).toDoubleArray());
    }
  }

  @Test
  void m25_samplesMustBeEquallyMany() {
    BinaryOperator<Tensor> product = (a, b) -> a.mul(b);
    refused(
        ErrorKind.VMAP_SIZE,
        () -> vmap(product, VmapOptions.defaults()).apply(random(1, 3), random(1, 4)));
    refused(ErrorKind.VMAP_SIZE, () -> vmap(x -> x.mul(2)).apply(Tensor.scalar(1, DType.F64)));
  }

  @Test
  void m26_aSampleCannotBeWrittenIntoWhatAllShare() {
    Tensor shared = Tensor.zeros(Shape.of(2), DType.F64);
    refused(ErrorKind.VMAP_INPLACE, () -> vmap(x -> shared.add_(x)).apply(random(1, 3, 2)));
  }

  @Test
  void samplesCanBeWrittenInPlace() {
    UnaryOperator<Tensor> f =
        x -> {
          Tensor y = x.clone();
          y.select(0, 1).mul_(10);
          return y.add_(1);
        };
    assertThat(vmap(f).apply(X).toDoubleArray()).containsExactly(2, 1, 1, 11, 2, 11);
    assertThat(vmap(grad(x -> f.apply(x).sum())).apply(X).toDoubleArray())
        .containsExactly(1, 10, 1, 10, 1, 10);
  }

  @Test
  void valuesOfASampleCannotBeRead() {
    refused(
        ErrorKind.VMAP_CONTROL_FLOW, () -> vmap(x -> x.sum().item() > 0 ? x : x.neg()).apply(X));
    refused(ErrorKind.VMAP_CONTROL_FLOW, () -> vmap(x -> Tensor.of(x.toDoubleArray())).apply(X));
  }

  @Test
  void aSampleCannotLeaveItsVmap() {
    List<Tensor> escaped = new ArrayList<>();
    Tensor all =
        vmap(x -> {
              escaped.add(x);
              return x;
            })
            .apply(X);
    assertThat(all.shape()).isEqualTo(X.shape());
    refused(ErrorKind.VMAP_CONTROL_FLOW, () -> escaped.getFirst().mul(2));
    refused(ErrorKind.VMAP_CONTROL_FLOW, () -> escaped.getFirst().reshape(2));
  }

  @Test
  void aSamplePrintsAsOneOfMany() {
    List<String> printed = new ArrayList<>();
    Tensor all =
        vmap(x -> {
              printed.add(x.toString());
              return x;
            })
            .apply(X);
    assertThat(all.shape()).isEqualTo(X.shape());
    assertThat(printed).containsExactly("tensor(one of 3 of shape [2], dtype=f64)");
  }

  @Test
  void vmapNests() {
    Tensor a = random(1, 3, 4);
    Tensor b = random(2, 5, 4);
    BinaryOperator<Tensor> dot = (x, y) -> x.mul(y).sum();
    UnaryOperator<Tensor> outer = x -> vmap((UnaryOperator<Tensor>) y -> dot.apply(x, y)).apply(b);
    Tensor all = vmap(outer).apply(a);
    assertThat(all.shape()).isEqualTo(Shape.of(3, 5));
    assertThat(all.toDoubleArray()).containsExactly(a.matmul(b.t()).toDoubleArray(), within(1e-12));
  }

  @Test
  void jacobiansOfSamplesAreJacobiansOneByOne() {
    UnaryOperator<Tensor> f = x -> W.matmul(x).tanh().mul(x.sum());
    Tensor all = vmap(jacrev(f)).apply(X);
    Tensor second = vmap(hessian(x -> f.apply(x).sum())).apply(X);
    for (int i = 0; i < 3; i++) {
      assertThat(all.select(0, i).toDoubleArray())
          .containsExactly(jacrev(f).apply(X.select(0, i)).toDoubleArray(), within(1e-12));
      assertThat(second.select(0, i).toDoubleArray())
          .containsExactly(
              hessian(x -> f.apply(x).sum()).apply(X.select(0, i)).toDoubleArray(), within(1e-12));
    }
  }

  @Test
  void vmapCanBeDifferentiated() {
    UnaryOperator<Tensor> f = x -> W.matmul(x).tanh();
    Tensor x = X.detach().requiresGrad(true);
    vmap(f).apply(x).pow(2).sum().backward();
    Tensor plain = X.detach().requiresGrad(true);
    plain.matmul(W.t()).tanh().pow(2).sum().backward();
    assertThat(x.grad().toDoubleArray())
        .containsExactly(plain.grad().toDoubleArray(), within(1e-12));
    Tensor v = random(9, 3, 2);
    assertThat(jvp(vmap(f), X, v).tangent().toDoubleArray())
        .containsExactly(
            jvp(y -> y.matmul(W.t()).tanh(), X, v).tangent().toDoubleArray(), within(1e-12));
  }

  @Test
  void chunksGiveTheSameBits() {
    UnaryOperator<Tensor> f = x -> W.matmul(x).tanh();
    Tensor x = random(4, 7, 2);
    assertThat(vmap(f, VmapOptions.defaults().chunkSize(3)).apply(x).toDoubleArray())
        .containsExactly(vmap(f).apply(x).toDoubleArray());
  }

  @Test
  void severalArgumentsAndResults() {
    TensorFunction f =
        TensorFunction.ofAll(x -> new Tensor[] {x[0].add(x[1]), x[0].mul(x[1]).sum()});
    Tensor[] y =
        vmap(f, VmapOptions.inDims(0, 1).outDims(1, 0)).apply(random(1, 3, 2), random(2, 2, 3));
    assertThat(y[0].shape()).isEqualTo(Shape.of(2, 3));
    assertThat(y[1].shape()).isEqualTo(Shape.of(3));
  }

  @Test
  void e26_aCustomFunctionWithoutABatchRuleIsAppliedToTheSamples() {
    record Twice() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return in[0].mul(2);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g.mul(2)};
      }
    }
    assertThat(vmap(x -> new Twice().apply(x)).apply(X).toDoubleArray())
        .containsExactly(2, 0, 0, 2, 2, 2);
    assertThat(vmap(grad(x -> new Twice().apply(x).pow(2).sum())).apply(X).toDoubleArray())
        .containsExactly(8, 0, 0, 8, 8, 8);
  }

  @Test
  void e26_aCustomFunctionsOwnBatchRuleIsUsed() {
    record Counted(int[] calls) implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        calls[0]++;
        return in[0].mul(2);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g.mul(2)};
      }

      @Override
      public Tensor batched(dev.autograd.Batch batch, Tensor... in) {
        assertThat(batch.size()).isEqualTo(3);
        assertThat(batch.has(0)).isTrue();
        return apply(in);
      }
    }
    int[] calls = {0};
    assertThat(vmap(x -> new Counted(calls).apply(x)).apply(X).toDoubleArray())
        .containsExactly(2, 0, 0, 2, 2, 2);
    assertThat(calls[0]).isEqualTo(1);
  }

  @Test
  void aGradientBySomethingSharedIsNotSilentlyAddedUp() {
    Tensor w = W.detach().requiresGrad(true);
    refused(
        ErrorKind.VMAP_INPLACE,
        () -> vmap(x -> Autograd.grad(w.matmul(x).sum(), List.of(w)).getFirst()).apply(X));
  }

  @Test
  void seedsCanBeBatched() {
    Tensor x = Tensor.of(new double[] {1, 2, 3}).requiresGrad(true);
    Tensor y = x.pow(2);
    UnaryOperator<Tensor> product =
        g ->
            Autograd.grad(List.of(y), List.of(x), List.of(g), GradOptions.retainGraph()).getFirst();
    Tensor seeds = Tensor.of(new double[] {1, 0, 0, 0, 1, 0, 1, 1, 1}, 3, 3);
    assertThat(vmap(product).apply(seeds).toDoubleArray())
        .containsExactly(2, 0, 0, 0, 4, 0, 2, 4, 6);
  }
}
