package dev.autograd.nn;

import static dev.autograd.functional.Functional.grad;
import static dev.autograd.functional.Functional.vmap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.functional.TensorFunction;
import dev.autograd.functional.VmapOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Models computed with parameters that are given.
class FunctionalCallTest {
  private static final class Net extends Layer {
    private final Linear hidden = child("hidden", new Linear(3, 4));
    private final BatchNorm norm = child("norm", new BatchNorm(4));
    private final Linear output = child("output", new Linear(4, 2));

    Net(int seed) {
      try (var _ = GradMode.noGrad()) {
        namedParameters().values().forEach(p -> p.copy_(random(seed, p.shape().dims())));
      }
    }

    @Override
    public Tensor forward(Tensor x) {
      return output.forward(norm.forward(hidden.forward(x)).tanh());
    }
  }

  private static Tensor random(int seed, int... shape) {
    return Tensor.randn(Shape.of(shape), DType.F32, new Generator(seed));
  }

  private static Map<String, Tensor> changed(Layer net) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    net.state().forEach((name, t) -> all.put(name, t.detach().clone().mul(2).add(0.1f)));
    return all;
  }

  @Test
  void givenValuesTakeThePlaceOfTheLayersOwn() {
    Net net = new Net(1);
    Net other = new Net(2);
    net.eval();
    other.eval();
    Tensor x = random(3, 5, 3);
    Map<String, Tensor> values = changed(net);
    other.load(values);
    assertThat(net.functionalCall(values, x).toFloatArray())
        .containsExactly(other.forward(x).toFloatArray());
    assertThat(net.forward(x).toFloatArray()).isNotEqualTo(other.forward(x).toFloatArray());
  }

  @Test
  void gradientsGoToTheGivenValues() {
    Net net = new Net(1);
    Tensor w = random(4, 4, 3).requiresGrad(true);
    net.functionalCall(Map.of("hidden.weight", w), random(3, 5, 3)).pow(2).sum().backward();
    assertThat(w.grad()).isNotNull();
    assertThat(net.namedParameters().get("hidden.weight").grad()).isNull();
    assertThat(net.namedParameters().get("output.weight").grad()).isNotNull();
  }

  @Test
  void buffersAreWrittenInTheirSubstitutes() {
    Net net = new Net(1);
    Tensor mean = Tensor.zeros(4);
    float[] before = net.namedBuffers().get("norm.running_mean").toFloatArray();
    var y = net.functionalCall(Map.of("norm.running_mean", mean), random(3, 5, 3));
    assertThat(y.shape()).isEqualTo(Shape.of(5, 2));
    assertThat(net.namedBuffers().get("norm.running_mean").toFloatArray()).containsExactly(before);
    assertThat(mean.toFloatArray()).isNotEqualTo(new float[4]);
  }

  @Test
  void unknownNamesAndWrongShapesAreRefused() {
    Net net = new Net(1);
    Tensor x = random(3, 5, 3);
    var unknown =
        catchThrowableOfType(
            AutogradException.class,
            () -> net.functionalCall(Map.of("hidden.wait", Tensor.zeros(1)), x));
    assertThat(unknown.kind()).isEqualTo(ErrorKind.ARGUMENT);
    assertThat(unknown).hasMessageContaining("hidden.weight");
    var misshapen =
        catchThrowableOfType(
            AutogradException.class,
            () -> net.functionalCall(Map.of("hidden.weight", Tensor.zeros(3, 4)), x));
    assertThat(misshapen.kind()).isEqualTo(ErrorKind.SHAPE);
  }

  @Test
  void everySampleHasItsOwnGradientByAllParameters() {
    Net net = new Net(1);
    net.eval();
    List<String> names = new ArrayList<>(net.namedParameters().keySet());
    Tensor x = random(3, 5, 3);
    TensorFunction loss =
        TensorFunction.ofAll(
            in -> {
              Map<String, Tensor> values = new LinkedHashMap<>();
              for (int i = 0; i < names.size(); i++) {
                values.put(names.get(i), in[i]);
              }
              Tensor sample = in[names.size()].unsqueeze(0);
              return new Tensor[] {net.functionalCall(values, sample).pow(2).sum()};
            });
    int[] by = new int[names.size()];
    Integer[] dims = new Integer[names.size() + 1];
    Tensor[] arguments = new Tensor[names.size() + 1];
    for (int i = 0; i < by.length; i++) {
      by[i] = i;
      arguments[i] = net.namedParameters().get(names.get(i)).detach();
    }
    dims[names.size()] = 0;
    arguments[names.size()] = x;
    Tensor[] all = vmap(grad(loss, by), VmapOptions.inDims(dims)).apply(arguments);
    for (int s = 0; s < 5; s++) {
      List<Tensor> expected =
          Autograd.grad(
              net.forward(x.slice(0, s, s + 1, 1)).pow(2).sum(),
              List.copyOf(net.namedParameters().values()));
      for (int i = 0; i < by.length; i++) {
        assertThat(all[i].select(0, s).toFloatArray())
            .as("%s of sample %d", names.get(i), s)
            .containsExactly(expected.get(i).toFloatArray(), within(1e-4f));
      }
    }
  }

  @Test
  void anEnsembleIsOneModelMappedOverStackedStates() {
    List<Net> nets = List.of(new Net(1), new Net(2), new Net(3));
    nets.forEach(Net::eval);
    Map<String, Tensor> stacked = Layer.stackedState(nets);
    List<String> names = List.copyOf(stacked.keySet());
    Tensor x = random(3, 5, 3);
    TensorFunction one =
        TensorFunction.ofAll(
            in -> {
              Map<String, Tensor> values = new LinkedHashMap<>();
              for (int i = 0; i < names.size(); i++) {
                values.put(names.get(i), in[i]);
              }
              return new Tensor[] {nets.getFirst().functionalCall(values, x)};
            });
    Tensor all =
        vmap(one, VmapOptions.defaults()).apply(stacked.values().toArray(new Tensor[0]))[0];
    for (int m = 0; m < 3; m++) {
      assertThat(all.select(0, m).toFloatArray())
          .containsExactly(nets.get(m).forward(x).toFloatArray(), within(1e-5f));
    }
  }
}
