package dev.autograd.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.autograd.onnx.OnnxFile.Weights;
import dev.autograd.onnx.model.Dim;
import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxTensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What we write, as judged by those who share no code with us.
class RuntimesTest {
  private static final OnnxModel.Producer PRODUCER = new OnnxModel.Producer("test", "1");

  private static final float[] W = {1, 2, 3, -1, 0.5f, -2};
  private static final float[] B = {0.25f, -1};

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {13, 17, 18, 20, 21, 22})
  void onnxRuntimeComputesTheRightNumbersAtEveryOpset(int opset) throws OrtException {
    OnnxModel model = linear(opset, 1);
    ModelChecker.verify(model);
    float[] x = {1, 2, 3, -1, 0, 0.5f};
    float[][] y = run(OnnxFile.encode(model), x);
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 2; column++) {
        float sum = B[column];
        for (int k = 0; k < 3; k++) {
          sum += x[3 * row + k] * W[2 * k + column];
        }
        assertThat(y[row][column]).isCloseTo(Math.max(sum, 0), within(1e-6f));
      }
    }
  }

  @Test
  void onnxRuntimeFindsWeightsBesideTheModel() throws IOException, OrtException {
    OnnxModel model = linear(17, 200);
    Path file = folder.resolve("model.onnx");
    OnnxFile.write(model, file, Weights.EXTERNAL);
    float[] x = new float[2 * 600];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 7 - 3;
    }
    float[][] inline = run(OnnxFile.encode(model), x);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      assertThat(run(session, x)).isEqualTo(inline);
    }
  }

  @Test
  void onnxRuntimeTakesBothBranches() throws OrtException {
    GraphBuilder g = new GraphBuilder();
    GraphValue x = g.input("x", ElementType.FLOAT, List.of(Dim.named("n"), Dim.of(3)));
    GraphValue sum = g.node("ReduceSum").inputs(x).attribute("keepdims", 0).output();
    GraphValue positive = g.node("Greater").inputs(sum, g.scalar(ElementType.FLOAT, 0)).output();
    GraphBuilder yes = g.body("yes");
    yes.output("r", yes.node("Mul").inputs(x, yes.scalar(ElementType.FLOAT, 10)).output());
    GraphBuilder no = g.body("no");
    no.output("r", x);
    g.output(
        "y",
        g.node("If")
            .inputs(positive)
            .attribute("then_branch", yes)
            .attribute("else_branch", no)
            .declare(ElementType.FLOAT, x.dims())
            .output());
    OnnxModel model = g.model("branches", PRODUCER);
    ModelChecker.verify(model);
    byte[] bytes = OnnxFile.encode(model);
    assertThat(run(bytes, 1, 2, 3)).isEqualTo(new float[][] {{10, 20, 30}});
    assertThat(run(bytes, 1, 2, -4)).isEqualTo(new float[][] {{1, 2, -4}});
  }

  @ParameterizedTest
  @ValueSource(ints = {13, 17})
  void thePythonCheckerPassesWhatWeBuild(int opset) throws IOException, InterruptedException {
    Path file = folder.resolve("model.onnx");
    OnnxFile.write(linear(opset, 1), file);
    String printed =
        PythonOnnx.run(
            """
            import sys, onnx
            model = onnx.load(sys.argv[1])
            onnx.checker.check_model(model, full_check=True)
            print(model.producer_name, model.ir_version, [n.op_type for n in model.graph.node],
                [[d.dim_param or d.dim_value for d in v.type.tensor_type.shape.dim]
                    for v in model.graph.input])
            """,
            file.toString());
    assertThat(printed.strip())
        .isEqualTo("test %d ['Gemm', 'Relu'] [['batch', 3]]".formatted(opset == 13 ? 7 : 8));
  }

  @Test
  void thePythonPackageWritesOurBytes() throws IOException, InterruptedException {
    Path file = folder.resolve("model.onnx");
    OnnxFile.write(linear(17, 1), file);
    String same =
        PythonOnnx.run(
            """
            import sys, onnx
            data = open(sys.argv[1], 'rb').read()
            print(onnx.load_model_from_string(data).SerializeToString() == data)
            """,
            file.toString());
    assertThat(same.strip()).isEqualTo("True");
  }

  // relu(x · w + b), with w repeated to make it larger.
  private static OnnxModel linear(int opset, int repeats) {
    GraphBuilder g = new GraphBuilder(opset);
    int inner = 3 * repeats;
    float[] weight = new float[W.length * repeats];
    for (int i = 0; i < repeats; i++) {
      System.arraycopy(W, 0, weight, i * W.length, W.length);
    }
    GraphValue x = g.input("x", ElementType.FLOAT, List.of(Dim.named("batch"), Dim.of(inner)));
    GraphValue w =
        g.initializer(
            weight,
            "linear.weight",
            ElementType.FLOAT,
            new long[] {inner, 2},
            () -> OnnxTensor.of("", weight, inner, 2));
    GraphValue b =
        g.initializer(
            B, "linear.bias", ElementType.FLOAT, new long[] {2}, () -> OnnxTensor.of("", B, 2));
    List<Dim> dims = List.of(Dim.named("batch"), Dim.of(2));
    GraphValue h =
        g.node("Gemm")
            .inputs(x, w, b)
            .named("linear")
            .source("Net.java:12")
            .declare(ElementType.FLOAT, dims)
            .output();
    g.output("y", g.node("Relu").inputs(h).declare(ElementType.FLOAT, dims).output());
    return g.model("net", PRODUCER);
  }

  private static float[][] run(byte[] model, float... x) throws OrtException {
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model)) {
      return run(session, x);
    }
  }

  private static float[][] run(OrtSession session, float... x) throws OrtException {
    long columns = ((TensorInfo) session.getInputInfo().get("x").getInfo()).getShape()[1];
    long[] shape = {x.length / columns, columns};
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (var tensor =
            ai.onnxruntime.OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape);
        var result = session.run(Map.<String, OnnxTensorLike>of("x", tensor))) {
      return (float[][]) result.get(0).getValue();
    }
  }
}
