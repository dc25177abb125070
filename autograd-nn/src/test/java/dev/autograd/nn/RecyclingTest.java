package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// See Note [Arrays used again] in `Recycler`.
class RecyclingTest {
  private static final int N = 30_011;

  private static Tensor numbers(long seed) {
    return Tensor.randn(Shape.of(N), DType.F32, new Generator(seed));
  }

  private static Tensor step(Tensor x) {
    x.zeroGrad();
    x.tanh().softmax(0).backward(numbers(7));
    return x;
  }

  private static Object gradArray(Tensor x) {
    return x.borrowGrad().memory().array();
  }

  @Test
  void aGradientThatNobodySawIsTheMemoryOfALaterTensor() {
    Tensor x = step(numbers(1).requiresGrad(true));
    Object array = gradArray(x);
    x.zeroGrad();
    assertThat(Tensor.empty(x.shape(), x.dtype()).memory().array()).isSameAs(array);
  }

  @Test
  void aGradientThatTheProgramHoldsStaysAsItIs() {
    Tensor x = numbers(1).requiresGrad(true);
    Tensor first = step(x).grad();
    float[] values = first.toFloatArray();
    for (int i = 0; i < 10; i++) {
      assertThat(gradArray(step(x))).isNotSameAs(first.memory().array());
    }
    assertThat(first.toFloatArray()).isEqualTo(values);
  }

  @Test
  void whatAHookSawStaysAsItIs() {
    Tensor x = numbers(1).requiresGrad(true);
    List<Tensor> seen = new ArrayList<>();
    List<float[]> values = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      x.zeroGrad();
      Tensor h = x.tanh();
      h.registerHook(
          g -> {
            seen.add(g);
            values.add(g.toFloatArray());
            return null;
          });
      h.softmax(0).backward(numbers(i));
    }
    for (int i = 0; i < seen.size(); i++) {
      assertThat(seen.get(i).toFloatArray()).isEqualTo(values.get(i));
    }
  }

  @Test
  void whatAFunctionOfTheProgramKeepsStaysAsItIs() {
    List<Tensor> seen = new ArrayList<>();
    List<float[]> values = new ArrayList<>();
    record Watch(List<Tensor> seen, List<float[]> values) implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return in[0].mul(1.5);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        seen.add(g);
        values.add(g.toFloatArray());
        Tensor dx = g.mul(1.5);
        seen.add(dx);
        values.add(dx.toFloatArray());
        return new Tensor[] {dx};
      }
    }
    Tensor x = numbers(1).requiresGrad(true);
    for (int i = 0; i < 6; i++) {
      x.zeroGrad();
      new Watch(seen, values).apply(x.tanh()).softmax(0).backward(numbers(i));
    }
    for (int i = 0; i < seen.size(); i++) {
      assertThat(seen.get(i).toFloatArray()).isEqualTo(values.get(i));
    }
  }

  @Test
  void theSeedIsTheCallersAndStaysAsItIs() {
    Tensor x = numbers(1).requiresGrad(true);
    Tensor seed = numbers(2);
    float[] values = seed.toFloatArray();
    for (int i = 0; i < 6; i++) {
      x.zeroGrad();
      x.add(1).backward(seed);
      x.zeroGrad();
      x.softmax(0).backward(seed);
    }
    assertThat(seed.toFloatArray()).isEqualTo(values);
  }

  @Test
  void gradientsOfManyStepsAreThoseOfTheFirst() {
    Tensor x = numbers(1).requiresGrad(true);
    float[] first = step(x).grad().toFloatArray();
    for (int i = 0; i < 20; i++) {
      assertThat(step(x).borrowGrad().toFloatArray()).isEqualTo(first);
    }
  }
}
