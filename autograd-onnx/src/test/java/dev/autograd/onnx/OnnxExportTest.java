package dev.autograd.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.nn.Layer;
import dev.autograd.onnx.forms.Oracle;
import dev.autograd.onnx.model.Dim;
import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nets.Nets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that are exported, and files that never come to be.
class OnnxExportTest {
  private static final int[] BATCHES = {1, 4, 13};

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {13, 15, 17, 18, 20, 22})
  void convolutionalNetworksAreExportedAtEveryOpset(int opset) throws IOException, OrtException {
    Layer net = Nets.cnn();
    GradMode.noGrad(() -> net.forward(Tensor.randn(16, 1, 8, 8).mul(3).add(1)));
    net.eval();
    ExportReport report = export(net, DType.F32, opset, 1, 8, 8);
    assertThat(report.opset()).isEqualTo(opset);
    assertThat(report.largestDifference()).isBetween(0.0, 1e-5);
    assertThat(report.batchSizes()).containsExactly(1, 13);
    runs(net::forward, 1, 8, 8);
  }

  @Test
  void transformersAreExported() throws IOException, OrtException {
    Layer net = Nets.transformer().eval();
    export(net, DType.F32, 17, 5, 8);
    runs(net::forward, 5, 8);
    OnnxModel file = OnnxFile.read(target());
    assertThat(file.graph().outputs().getFirst().type())
        .isEqualTo(new OnnxType.Tensor(ElementType.FLOAT, List.of(Dim.named("batch"), Dim.of(3))));
    assertThat(file.producer().name()).isEqualTo("autograd");
    assertThat(file.graph().nodes())
        .anySatisfy(node -> assertThat(node.doc()).contains("MultiHeadAttention.java:"));
  }

  @Test
  void modelsOfWordsAreExported() throws IOException {
    Layer net = Nets.tiedEmbedding().eval();
    export(net, DType.I64, 17, 6);
    assertThat(OnnxFile.read(target()).graph().inputs().getFirst().elementType())
        .isEqualTo(ElementType.INT64);
  }

  @Test
  void doublePrecisionStaysDouble() throws IOException {
    ExportReport report =
        OnnxExport.toFile(
            target(), Nets::sizes, Map.of(), DType.F64, new int[] {3}, ExportOptions.DEFAULTS);
    assertThat(report.largestDifference()).isZero();
    assertThat(OnnxFile.read(target()).graph().inputs().getFirst().elementType())
        .isEqualTo(ElementType.DOUBLE);
  }

  @Test
  void anOperatorThatTheOpsetLacksIsRefusedWithTheOpsetItNeeds() throws IOException {
    ExportOptions old = new ExportOptions(15, 1e-5, 1e-5, 0, "net");
    assertThatThrownBy(
            () ->
                OnnxExport.toFile(
                    target(), Nets::scatters, Map.of(), DType.F32, new int[] {3}, old))
        .isInstanceOf(OnnxExportException.class)
        .hasMessageContaining("scatter_add")
        .hasMessageContaining("Nets.java:")
        .hasMessageContaining("no attribute 'reduction' at opset 15");
    assertThat(left()).isEmpty();
  }

  @Test
  void aRefusedModelLeavesTheOldFileAlone() throws IOException {
    Files.writeString(target(), "old");
    assertThatThrownBy(() -> export(Nets::unsupported))
        .isInstanceOf(OnnxExportException.class)
        .hasMessageContaining("secret (Secret[shift=1]) at Nets.java:")
        .hasMessageContaining("secret (Secret[shift=2]) at Nets.java:");
    assertThat(left()).containsExactly("model.onnx");
    assertThat(target()).hasContent("old");
  }

  @Test
  void aFormThatComputesSomethingElseIsFoundAndNamed() throws IOException {
    assertThatThrownBy(() -> export(Nets::lying))
        .isInstanceOf(OnnxVerificationException.class)
        .hasMessageContaining("Mul 'liar_")
        .hasMessageContaining("of liar at Nets.java:");
    assertThat(left()).isEmpty();
  }

  @Test
  void aResultThatMixesTheBatchIsRefused() throws IOException {
    assertThatThrownBy(() -> export(x -> x.sum()))
        .isInstanceOf(OnnxExportException.class)
        .hasMessageContaining("first dimension");
    assertThat(left()).isEmpty();
  }

  @Test
  void aMistakeOfTheModelKeepsItsOwnMessage() throws IOException {
    assertThatThrownBy(() -> export(x -> x.matmul(Tensor.zeros(7, 7))))
        .hasMessageContaining("matmul");
    assertThat(left()).isEmpty();
  }

  private Path target() {
    return folder.resolve("model.onnx");
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private ExportReport export(UnaryOperator<Tensor> net) throws IOException {
    return OnnxExport.toFile(
        target(), net, Map.of(), DType.F32, new int[] {3}, ExportOptions.DEFAULTS);
  }

  private ExportReport export(Layer net, DType dtype, int opset, int... sample) throws IOException {
    ExportOptions options = new ExportOptions(opset, 1e-5, 1e-5, 11, "net");
    ExportReport report =
        OnnxExport.toFile(target(), net::forward, net.state(), dtype, sample, options);
    assertThat(left()).containsExactly("model.onnx");
    assertThat(report.file()).isEqualTo(target());
    return report;
  }

  private void runs(UnaryOperator<Tensor> net, int... sample) throws IOException, OrtException {
    Generator generator = new Generator(5);
    try (Oracle oracle = new Oracle(Files.readAllBytes(target()))) {
      for (int batch : BATCHES) {
        int[] dims = new int[sample.length + 1];
        dims[0] = batch;
        System.arraycopy(sample, 0, dims, 1, sample.length);
        Tensor x = Tensor.randn(Shape.of(dims), DType.F32, generator);
        double[] expected = GradMode.noGrad(() -> net.apply(x)).toDoubleArray();
        Tensor output = oracle.run(Map.of("input", x)).get("output");
        assertThat(output).isNotNull();
        double[] found = output.toDoubleArray();
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
          assertThat(found[i])
              .isCloseTo(expected[i], within(1e-5 * Math.max(1, Math.abs(expected[i]))));
        }
      }
    }
  }
}
