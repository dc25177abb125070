package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What all layers share: parts, names, modes, state.
class LayerTest {
  private static AutogradException refused(ErrorKind kind, ThrowingCallable call) {
    AutogradException e = catchThrowableOfType(AutogradException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.kind()).isEqualTo(kind);
    return e;
  }

  /// Two linear layers, the second of which is used twice and shares its weight.
  private static final class Tied extends Layer {
    private final Linear first = child("first", new Linear(3, 3));
    private final Tensor shared = parameter("shared", first.weight());
    private final Tensor count = buffer("count", Tensor.zeros(1));

    @Override
    public Tensor forward(Tensor x) {
      return first.forward(x).matmul(shared);
    }
  }

  private static Sequential network() {
    return new Sequential(
        new Sequential(new Linear(3, 4), new BatchNorm(4)),
        new Lambda("relu", Tensor::relu),
        new Dropout(0.5),
        new Linear(4, 2));
  }

  @Test
  void partsAreNamedByTheirPath() {
    Sequential net = network();
    assertThat(net.namedParameters().keySet())
        .containsExactly("0.0.weight", "0.0.bias", "0.1.weight", "0.1.bias", "3.weight", "3.bias");
    assertThat(net.namedBuffers().keySet()).containsExactly("0.1.running_mean", "0.1.running_var");
    assertThat(net.state().keySet())
        .containsExactlyInAnyOrder(
            "0.0.weight",
            "0.0.bias",
            "0.1.weight",
            "0.1.bias",
            "3.weight",
            "3.bias",
            "0.1.running_mean",
            "0.1.running_var");
    assertThat(net.children().keySet()).containsExactly("0", "1", "2", "3");
    assertThat(net.parameterCount()).isEqualTo(12 + 4 + 8 + 8 + 2);
    assertThat(net.dtype()).isEqualTo(DType.F32);
  }

  @Test
  void sequentialAppliesItsLayersInOrder() {
    Sequential net =
        new Sequential(new Lambda("add", x -> x.add(1)), new Lambda("mul", x -> x.mul(3)));
    assertThat(net.forward(Tensor.of(new float[] {1, 2})).toFloatArray()).containsExactly(6, 9);
    Tensor x = Tensor.ones(2);
    assertThat(new Sequential().forward(x)).isSameAs(x);
  }

  @Test
  void modesReachAllParts() {
    Sequential net = network();
    assertThat(net.isTraining()).isTrue();
    assertThat(net.eval()).isSameAs(net);
    assertThat(net.children().values()).noneMatch(Layer::isTraining);
    assertThat(net.children().get("0").children().get("1").isTraining()).isFalse();
    net.train(true);
    assertThat(net.children().get("0").children().get("1").isTraining()).isTrue();
  }

  @Test
  void stateRoundTripGivesTheSameModel() {
    Sequential a = network();
    Sequential b = network();
    a.forward(Differences.randn(1, 6, 3)); // moves the running statistics
    b.load(a.state());
    Tensor x = Differences.randn(2, 5, 3);
    a.eval();
    b.eval();
    assertThat(b.forward(x).toFloatArray()).isEqualTo(a.forward(x).toFloatArray());
    GradMode.noGrad(() -> a.parameters().getFirst().zero_());
    assertThat(b.parameters().getFirst().abs().sum().item()).as("values are copied").isPositive();
    assertThat(b.parameters()).allMatch(p -> p.isLeaf() && p.requiresGrad());
  }

  @Test
  void loadCastsToTheTypeOfTheModel() {
    Linear layer = new Linear(2, 1);
    layer.load(
        Map.of(
            "weight", Tensor.of(new double[] {0.5, -2}, 1, 2),
            "bias", Tensor.of(new double[] {3})));
    assertThat(layer.weight().dtype()).isEqualTo(DType.F32);
    assertThat(layer.weight().toFloatArray()).containsExactly(0.5f, -2);
    assertThat(layer.bias().item()).isEqualTo(3);
  }

  @Test
  void loadNamesWhatIsMissingAndUnknown() {
    Linear layer = new Linear(2, 1);
    Map<String, Tensor> values = new HashMap<>();
    values.put("wieght", Tensor.ones(1, 2));
    values.put("bias", Tensor.ones(1));
    assertThat(refused(ErrorKind.ARGUMENT, () -> layer.load(values)))
        .hasMessageContaining("missing [weight]")
        .hasMessageContaining("unknown [wieght]");
  }

  @Test
  void loadOfAWrongShapeCopiesNothing() {
    Linear layer = new Linear(2, 1);
    float[] before = layer.weight().toFloatArray();
    assertThat(
            refused(
                ErrorKind.SHAPE,
                () -> layer.load(Map.of("weight", Tensor.ones(1, 2), "bias", Tensor.ones(3)))))
        .hasMessageContaining("bias has shape [1], the value has [3]");
    assertThat(layer.weight().toFloatArray()).isEqualTo(before);
  }

  @Test
  void aSharedParameterCountsOnce() {
    Tied layer = new Tied();
    assertThat(layer.namedBuffers()).containsKey("count");
    assertThat(layer.count.requiresGrad()).isFalse();
    assertThat(layer.shared.requiresGrad()).isTrue();
    Linear one = new Linear(3, 3);
    Sequential twice = new Sequential(one, one);
    assertThat(twice.parameters()).hasSize(2);
    assertThat(twice.parameterCount()).isEqualTo(12);
    assertThat(twice.namedParameters()).hasSize(4);
  }

  @Test
  void zeroGradDropsAllGradients() {
    Sequential net = network();
    net.forward(Differences.randn(1, 4, 3)).sum().backward();
    assertThat(net.parameters()).allMatch(p -> p.grad() != null);
    net.zeroGrad();
    assertThat(net.parameters()).allMatch(p -> p.grad() == null);
  }

  private static final class Named extends Layer {
    Named(String... names) {
      for (String name : names) {
        parameter(name, Tensor.zeros(1));
      }
    }

    @Override
    public Tensor forward(Tensor x) {
      return x;
    }
  }

  @Test
  void namesAreUniqueAndWithoutDots() {
    assertThat(refused(ErrorKind.ARGUMENT, () -> new Named("a", "a")))
        .hasMessageContaining("Named has a part named 'a' already");
    assertThat(refused(ErrorKind.ARGUMENT, () -> new Named("a.b"))).hasMessageContaining("'a.b'");
    refused(ErrorKind.ARGUMENT, () -> new Named(""));
  }

  @Test
  void partsCannotBeChangedFromOutside() {
    Sequential net = network();
    assertThat(catchThrowable(() -> net.children().clear()))
        .isInstanceOf(UnsupportedOperationException.class);
    net.namedParameters().clear();
    assertThat(net.namedParameters()).hasSize(6);
  }

  @Test
  void aModelPrintsAsATree() {
    assertThat(network().toString())
        .isEqualTo(
            """
            Sequential
              0: Sequential
                0: Linear(3, 4)
                1: BatchNorm(4)
              1: relu
              2: Dropout(0.5)
              3: Linear(4, 2)\
            """);
  }

  @Test
  void aDeepModelNeedsNoStack() {
    Layer net = new Linear(1, 1);
    for (int i = 0; i < 2000; i++) {
      net = new Residual(net);
    }
    assertThat(net.parameterCount()).isEqualTo(2);
    assertThat(net.namedParameters().keySet().iterator().next()).startsWith("body.body.body.");
  }

  @Test
  void aBatchOfNothingPassesThrough() {
    Linear layer = new Linear(3, 2);
    Tensor y = layer.forward(Tensor.zeros(0, 3));
    assertThat(y.shape()).isEqualTo(Shape.of(0, 2));
    y.sum().backward();
    assertThat(layer.weight().grad().toFloatArray()).containsOnly(0);
  }
}
