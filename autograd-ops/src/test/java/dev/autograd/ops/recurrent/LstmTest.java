package dev.autograd.ops.recurrent;

import static dev.autograd.ops.recurrent.Lstm.lstm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.parallel.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LstmTest {
  private static final int T = 5;
  private static final int N = 3;
  private static final int I = 4;
  private static final int H = 6;

  private static Tensor[] operands(DType dtype, int hidden, boolean bias) {
    var random = new Generator(20261123);
    List<Tensor> all = new ArrayList<>();
    int wide = 4 * hidden;
    int[][] shapes = {
      {T, N, I}, {N, hidden}, {N, hidden}, {wide, I}, {wide, hidden}, {wide}, {wide}
    };
    for (int i = 0; i < (bias ? 7 : 5); i++) {
      all.add(
          Tensor.randn(Shape.of(shapes[i]), dtype, random).mul(0.5).detach().requiresGrad(true));
    }
    return all.toArray(Tensor[]::new);
  }

  private static Lstm.Result run(boolean reverse, Tensor... in) {
    boolean bias = in.length == 7;
    return lstm(
        in[0], in[1], in[2], in[3], in[4], bias ? in[5] : null, bias ? in[6] : null, reverse);
  }

  /// The equations, one plain operation after the other.
  private static Lstm.Result plain(boolean reverse, Tensor... in) {
    Tensor h = in[1];
    Tensor c = in[2];
    Tensor[] y = new Tensor[in[0].size(0)];
    for (int s = 0; s < y.length; s++) {
      int t = reverse ? y.length - 1 - s : s;
      Tensor z = in[0].get(t).matmul(in[3].t()).add(h.matmul(in[4].t()));
      z = in.length == 7 ? z.add(in[5]).add(in[6]) : z;
      List<Tensor> gates = z.chunk(4, 1);
      c = gates.get(1).sigmoid().mul(c).add(gates.get(0).sigmoid().mul(gates.get(2).tanh()));
      h = gates.get(3).sigmoid().mul(c.tanh());
      y[t] = h;
    }
    return new Lstm.Result(Tensor.stack(List.of(y), 0), h, c);
  }

  /// A number that depends on all three results, each in its own way.
  private static Tensor loss(Lstm.Result r) {
    Tensor weights = Tensor.randn(r.y().shape(), r.y().dtype(), new Generator(7));
    return r.y().mul(weights).sum().add(r.h().square().sum()).add(r.c().sin().sum());
  }

  private static List<Tensor> gradients(Tensor loss, boolean createGraph, Tensor... in) {
    List<@Nullable Tensor> found =
        createGraph
            ? Autograd.grad(loss, List.of(in), GradOptions.createGraph())
            : Autograd.grad(loss, List.of(in));
    return found.stream().<Tensor>map(Objects::requireNonNull).toList();
  }

  private static void assertNear(Tensor found, Tensor expected, String what) {
    assertThat(found.shape()).as(what).isEqualTo(expected.shape());
    assertThat(found.toDoubleArray())
        .as(what)
        .containsExactly(expected.toDoubleArray(), within(1e-11));
  }

  @ParameterizedTest(name = "reverse {0}, bias {1}")
  @CsvSource({"false, true", "true, true", "false, false", "true, false"})
  void equalsTheEquationsWrittenOut(boolean reverse, boolean bias) {
    Tensor[] in = operands(DType.F64, H, bias);
    Lstm.Result found = run(reverse, in);
    Lstm.Result expected = plain(reverse, in);
    assertNear(found.y(), expected.y(), "y");
    assertNear(found.h(), expected.h(), "h");
    assertNear(found.c(), expected.c(), "c");
    List<Tensor> wanted = gradients(loss(expected), false, in);
    List<Tensor> fused = gradients(loss(run(reverse, in)), false, in);
    List<Tensor> composed = gradients(loss(run(reverse, in)), true, in);
    for (int i = 0; i < in.length; i++) {
      assertNear(fused.get(i), wanted.get(i), "fused gradient of operand " + i);
      assertNear(composed.get(i), wanted.get(i), "composed gradient of operand " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void secondGradientsAreThoseOfTheEquations(boolean reverse) {
    Tensor[] in = operands(DType.F64, 2, true);
    List<Tensor> found = null;
    for (boolean one : new boolean[] {true, false}) {
      Tensor first = loss(one ? run(reverse, in) : plain(reverse, in));
      Tensor norm = Tensor.zeros(Shape.of(), DType.F64);
      for (Tensor g : gradients(first, true, in)) {
        norm = norm.add(g.square().sum());
      }
      List<Tensor> second = gradients(norm, false, in);
      if (found == null) {
        found = second;
      } else {
        for (int i = 0; i < in.length; i++) {
          assertNear(found.get(i), second.get(i), "operand " + i);
        }
      }
    }
  }

  @Test
  void bitsAreTheSameOnAnyNumberOfThreadsAndWithoutRecording() {
    Tensor[] in = operands(DType.F32, 130, true);
    int before = Workers.threads();
    List<List<Tensor>> runs = new ArrayList<>();
    try {
      for (int threads : new int[] {1, 2, 3}) {
        Workers.threads(threads);
        Lstm.Result r = run(false, in);
        List<Tensor> all = new ArrayList<>(List.of(r.y(), r.h(), r.c()));
        all.addAll(gradients(loss(r), false, in));
        runs.add(all);
      }
    } finally {
      Workers.threads(before);
    }
    for (List<Tensor> run : runs) {
      for (int i = 0; i < run.size(); i++) {
        assertThat(run.get(i).toFloatArray()).isEqualTo(runs.get(0).get(i).toFloatArray());
      }
    }
    Tensor y = GradMode.noGrad(() -> run(false, in).y());
    assertThat(y.toFloatArray()).isEqualTo(runs.get(0).get(0).toFloatArray());
  }

  @Test
  void onlyTheGradientsThatAreAskedForAreMade() {
    for (int one = 0; one < 7; one++) {
      Tensor[] in = operands(DType.F64, H, true);
      Tensor expected = gradients(loss(plain(false, in)), false, in).get(one);
      for (int i = 0; i < in.length; i++) {
        in[i] = i == one ? in[i] : in[i].detach();
      }
      loss(run(false, in)).backward();
      for (int i = 0; i < in.length; i++) {
        if (i == one) {
          assertNear(Objects.requireNonNull(in[i].grad()), expected, "operand " + i);
        } else {
          assertThat(in[i].grad()).isNull();
        }
      }
    }
  }

  @Test
  void aStateGoesOnWhereTheSequenceWasCut() {
    Tensor[] in = operands(DType.F64, H, true);
    Tensor y = run(false, in).y();
    Tensor[] head = in.clone();
    head[0] = in[0].narrow(0, 0, 2);
    Lstm.Result first = run(false, head);
    Tensor[] rest = in.clone();
    rest[0] = in[0].narrow(0, 2, T - 2);
    rest[1] = first.h();
    rest[2] = first.c();
    assertThat(Tensor.cat(List.of(first.y(), run(false, rest).y()), 0).toDoubleArray())
        .isEqualTo(y.toDoubleArray());
  }

  @Test
  void anEmptyBatchHasGradientsOfZeros() {
    Tensor[] in = operands(DType.F64, H, true);
    for (int i = 0; i < 3; i++) {
      in[i] = in[i].narrow(i == 0 ? 1 : 0, 0, 0);
    }
    Lstm.Result r = run(false, in);
    assertThat(r.y().shape()).isEqualTo(Shape.of(T, 0, H));
    assertThat(r.h().shape()).isEqualTo(Shape.of(0, H));
    for (boolean createGraph : new boolean[] {false, true}) {
      List<Tensor> found = gradients(loss(run(false, in)), createGraph, in);
      for (int i = 0; i < in.length; i++) {
        assertThat(found.get(i).shape()).isEqualTo(in[i].shape());
        assertThat(found.get(i).toDoubleArray()).doesNotContain(Double.NaN);
      }
      assertThat(found.get(4).toDoubleArray()).containsOnly(0);
    }
  }

  @Test
  void oneBiasAloneIsRefused() {
    Tensor[] in = operands(DType.F64, H, true);
    assertThatThrownBy(() -> lstm(in[0], in[1], in[2], in[3], in[4], in[5], null, false))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("two biases or none");
  }
}
