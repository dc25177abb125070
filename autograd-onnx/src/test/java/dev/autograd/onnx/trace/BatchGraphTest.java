package dev.autograd.onnx.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.nn.Layer;
import dev.autograd.onnx.GraphBuilder;
import dev.autograd.onnx.ModelChecker;
import dev.autograd.onnx.OnnxExportException;
import dev.autograd.onnx.OnnxFile;
import dev.autograd.onnx.forms.Oracle;
import dev.autograd.onnx.model.Dim;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.model.OnnxType;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import nets.Nets;
import org.junit.jupiter.api.Test;

/// Whole models, traced once and run in ONNX Runtime at other batch sizes.
class BatchGraphTest {
  private static final int[] BATCHES = {1, 4, 13};

  @Test
  void perceptronsRunAtAnyBatchSize() throws OrtException {
    Layer net = Nets.mlp().eval();
    agrees(net::forward, net.state(), normal(6));
  }

  @Test
  void convolutionalNetworksRunAtAnyBatchSize() throws OrtException {
    Layer net = Nets.cnn();
    // Statistics that are not those of a fresh layer.
    GradMode.noGrad(() -> net.forward(Tensor.randn(16, 1, 8, 8).mul(3).add(1)));
    net.eval();
    OnnxModel model = agrees(net::forward, net.state(), normal(1, 8, 8));
    assertThat(model.graph().nodes().stream().map(n -> n.opType()))
        .contains("Conv", "BatchNormalization", "MaxPool", "Gemm");
    assertThat(model.graph().initializers().stream().map(OnnxTensor::name))
        .contains("0.weight", "1.running_mean", "5.bias");
  }

  @Test
  void transformersRunAtAnyBatchSize() throws OrtException {
    Layer net = Nets.transformer().eval();
    agrees(net::forward, net.state(), normal(5, 8));
  }

  @Test
  void tiedWeightsStayOne() throws OrtException {
    Layer net = Nets.tiedEmbedding().eval();
    Generator generator = new Generator(3);
    OnnxModel model =
        agrees(
            net::forward,
            net.state(),
            n -> Tensor.rand(Shape.of(n, 6), DType.F32, generator).mul(11).floor().to(DType.I64));
    assertThat(model.graph().initializers().stream().map(OnnxTensor::name).filter("words"::equals))
        .hasSize(1);
    assertThat(model.graph().initializers().stream().mapToLong(OnnxTensor::size).max())
        .hasValue(44);
  }

  @Test
  void sizesThatFollowTheBatchAreComputed() throws OrtException {
    OnnxModel model = agrees(Nets::sizes, Map.of(), normal(3));
    assertThat(model.graph().nodes().stream().filter(n -> n.opType().equals("Shape"))).hasSize(1);
    assertThat(model.graph().inputs().getFirst().type())
        .isEqualTo(
            new OnnxType.Tensor(
                dev.autograd.onnx.model.ElementType.FLOAT, List.of(Dim.named("batch"), Dim.of(3))));
  }

  @Test
  void statesAsLargeAsTheBatchAreComputed() throws OrtException {
    agrees(Nets::recurrent, Map.of(), normal(3, 4));
  }

  @Test
  void numbersThatFollowTheBatchAreComputed() throws OrtException {
    agrees(Nets::sharedMean, Map.of(), normal(3));
  }

  @Test
  void writesInPlaceBecomeNewValues() throws OrtException {
    agrees(Nets::inPlace, Map.of(), normal(3));
  }

  @Test
  void operationsMadeOfOthersAreTakenApart() throws OrtException {
    OnnxModel model = agrees(x -> new Nets.Squareplus().apply(x), Map.of(), normal(3));
    assertThat(model.graph().nodes().stream().map(n -> n.opType())).contains("Sqrt");
  }

  @Test
  void branchesOnValuesAreRefusedWithTheirLine() {
    refused(Nets::dataDependent, "values", "Nets.java:");
  }

  @Test
  void aBranchThatEveryTraceTakesIsRefusedToo() {
    refused(Nets::guarded, "item() at Nets.java:", "values");
  }

  @Test
  void constantsMayBeReadAndAnythingPrinted() throws OrtException {
    agrees(Nets::readsConstant, Map.of(), normal(3));
  }

  @Test
  void numbersReadFromTensorsAreRefusedWithTheirLine() {
    refused(Nets::readsValue, "values", "Nets.java:");
  }

  @Test
  void loopsOverTheBatchAreRefusedWithTheirLine() {
    refused(Nets::loopsOverBatch, "batch", "Nets.java:");
  }

  @Test
  void everyUnsupportedOperationIsListedWithItsLine() {
    assertThatThrownBy(() -> BatchGraph.of(17, Nets::unsupported, Map.of(), normal(3)))
        .isInstanceOfSatisfying(
            OnnxExportException.class,
            e -> {
              assertThat(e.unsupported())
                  .extracting(u -> u.operation() + " " + u.attributes())
                  .containsExactly("secret Secret[shift=1]", "secret Secret[shift=2]");
              assertThat(e.unsupported()).allMatch(u -> u.source().startsWith("Nets.java:"));
              assertThat(e.unsupported().getFirst().source())
                  .isNotEqualTo(e.unsupported().getLast().source());
              assertThat(e).hasMessageContaining("onnx(OnnxGraph, Value...)");
            });
  }

  @Test
  void batchNormalisationInTrainingIsRefused() {
    Layer net = Nets.cnn();
    assertThatThrownBy(() -> BatchGraph.of(17, net::forward, net.state(), normal(1, 8, 8)))
        .isInstanceOf(OnnxExportException.class)
        .hasMessageContaining("evaluation");
  }

  private static void refused(UnaryOperator<Tensor> net, String... parts) {
    assertThatThrownBy(() -> BatchGraph.of(17, net, Map.of(), normal(3)))
        .isInstanceOf(OnnxExportException.class)
        .hasMessageContainingAll(parts);
  }

  private static BatchGraph.Inputs normal(int... rest) {
    Generator generator = new Generator(7);
    int[] dims = new int[rest.length + 1];
    System.arraycopy(rest, 0, dims, 1, rest.length);
    return n -> {
      dims[0] = n;
      return Tensor.randn(Shape.of(dims), DType.F32, generator);
    };
  }

  private static OnnxModel agrees(
      UnaryOperator<Tensor> net, Map<String, Tensor> state, BatchGraph.Inputs inputs)
      throws OrtException {
    GraphBuilder graph = BatchGraph.of(17, net, state, inputs);
    OnnxModel model = graph.model("net", new OnnxModel.Producer("test", "1"));
    ModelChecker.verify(model);
    String input = model.graph().inputs().getFirst().name();
    try (Oracle oracle = new Oracle(OnnxFile.encode(model))) {
      for (int batch : BATCHES) {
        Tensor x = inputs.ofSize(batch);
        Tensor expected = GradMode.noGrad(() -> net.apply(x.clone()));
        Tensor found = oracle.run(Map.of(input, x)).values().iterator().next();
        assertThat(found.shape()).isEqualTo(expected.shape());
        double[] e = expected.toDoubleArray();
        double[] f = found.toDoubleArray();
        for (int i = 0; i < e.length; i++) {
          assertThat(f[i])
              .isCloseTo(
                  e[i], org.assertj.core.api.Assertions.within(1e-5 * Math.max(1, Math.abs(e[i]))));
        }
      }
    }
    return model;
  }
}
