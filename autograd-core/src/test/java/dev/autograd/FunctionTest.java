package dev.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.spi.OpCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// The doorway and the engine with functions that need no operation library.
class FunctionTest {
  /// `factor · x` on arrays.
  record Scale(double factor) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return scaled(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {scaled(g)};
    }

    private Tensor scaled(Tensor x) {
      double[] values = x.storage().doubles().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] *= factor;
      }
      return Tensor.of(values, x.shape().dims());
    }
  }

  record Rank() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return Tensor.of(new double[] {in[0].rank()});
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      throw new AssertionError("has no derivative");
    }

    @Override
    public boolean differentiable() {
      return false;
    }
  }

  record LogSoftmax2d() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0];
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g};
    }
  }

  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private static final Tensor SEED = Tensor.of(new double[] {1});

  @Test
  void namesComeFromTheClass() {
    assertThat(new Scale(1).name()).isEqualTo("scale");
    assertThat(new Scale(1).nodeName()).isEqualTo("ScaleBackward");
    assertThat(new LogSoftmax2d().name()).isEqualTo("log_softmax2d");
    assertThat(new Scale(2)).isEqualTo(new Scale(2)).hasToString("Scale[factor=2.0]");
  }

  @Test
  void appliesAndDifferentiates() {
    Tensor x = leaf(1, 2);
    Tensor y = new Scale(3).apply(x);
    assertThat(y.detach().storage().doubles()).containsExactly(3, 6);
    y.backward(Tensor.of(new double[] {1, 10}));
    assertThat(x.grad().storage().doubles()).containsExactly(3, 30);
  }

  @Test
  void whatIsNotDifferentiableIsNotRecorded() {
    assertThat(new Rank().apply(leaf(1)).requiresGrad()).isFalse();
  }

  @Test
  void aChainOfAMillionNodesNeedsNoStack() throws Exception {
    FutureTask<Double> task =
        new FutureTask<>(
            () -> {
              Tensor x = leaf(2);
              Tensor y = x;
              Scale same = new Scale(1);
              for (int i = 0; i < 1_000_000; i++) {
                y = same.apply(y);
              }
              y.backward(SEED);
              return x.grad().item();
            });
    new Thread(null, task, "small-stack", 512 * 1024).start();
    assertThat(task.get()).isEqualTo(1);
  }

  @Test
  void sequenceNumbersArePerThread() throws Exception {
    Tensor x = leaf(1);
    long before = new Scale(1).apply(x).gradFn().sequenceNumber();
    FutureTask<Long> other =
        new FutureTask<>(
            () -> {
              new Scale(1).apply(x);
              return new Scale(1).apply(x).gradFn().sequenceNumber();
            });
    Thread thread = new Thread(other);
    thread.start();
    assertThat(other.get()).as("the second on its thread").isEqualTo(1);
    assertThat(new Scale(1).apply(x).gradFn().sequenceNumber()).isEqualTo(before + 1);
  }

  @Test
  void interceptorsSeeOperationsLatestFirst() {
    List<String> seen = new ArrayList<>();
    try (var _ = Autograd.intercept(call -> note(seen, "outer", call));
        var _ = Autograd.intercept(call -> note(seen, "inner", call))) {
      new Scale(2).apply(leaf(1));
    }
    new Scale(2).apply(leaf(1));
    assertThat(seen).containsExactly("inner scale", "outer scale", "outer done", "inner done");
  }

  private static Tensor[] note(List<String> seen, String who, OpCall call) {
    seen.add(who + " " + call.operation().name());
    Tensor[] result = call.proceed();
    seen.add(who + " done");
    return result;
  }

  @Test
  void anInterceptorMayReplaceTheResult() {
    Tensor replaced = Tensor.of(new double[] {42});
    try (var _ = Autograd.intercept(_ -> new Tensor[] {replaced})) {
      assertThat(new Scale(2).apply(leaf(1))).isSameAs(replaced);
    }
  }

  @Test
  void anInterceptorThatThrowsIsStillRemovable() {
    Tensor x = leaf(1);
    try (var _ =
        Autograd.intercept(
            _ -> {
              throw new IllegalStateException("seen");
            })) {
      assertThatThrownBy(() -> new Scale(2).apply(x)).hasMessage("seen");
    }
    assertThat(new Scale(2).apply(x).item()).isEqualTo(2);
  }

  @Test
  void interceptorsBelongToTheirThread() throws Exception {
    List<String> seen = new ArrayList<>();
    try (var _ = Autograd.intercept(call -> note(seen, "here", call))) {
      Thread other = new Thread(() -> new Scale(2).apply(leaf(1)));
      other.start();
      other.join();
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void errorsCarryTheirKindAndCause() {
    Exception cause = new IllegalStateException("inner");
    AutogradException e = new AutogradException(ErrorKind.PLUGIN, "outer", cause);
    assertThat(e.kind()).isEqualTo(ErrorKind.PLUGIN);
    assertThat(e).hasMessage("outer").hasCause(cause);
    var blame = new FunctionContractException(ErrorKind.BAD_GRAD_COUNT, "scale", "too few");
    assertThat(blame).hasMessage("scale: too few");
    assertThat(blame.function()).isEqualTo("scale");
  }

  @Test
  void optionsSayWhatTheyDo() {
    assertThat(GradOptions.defaults()).isEqualTo(new GradOptions(false, false, false));
    assertThat(GradOptions.retainGraph()).isEqualTo(new GradOptions(true, false, false));
    assertThat(GradOptions.createGraph().allowingUnused())
        .isEqualTo(new GradOptions(true, true, true));
  }
}
