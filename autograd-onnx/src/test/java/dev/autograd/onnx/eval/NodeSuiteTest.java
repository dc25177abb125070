package dev.autograd.onnx.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.DType;
import dev.autograd.Tensor;
import dev.autograd.onnx.DebianModels;
import dev.autograd.onnx.OnnxFile;
import dev.autograd.onnx.OnnxTensors;
import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxType;
import dev.autograd.onnx.model.OnnxValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// ONNX's own test cases, one operator each, with ONNX's own tolerances.
class NodeSuiteTest {
  private static final double RTOL = 1e-3;
  private static final double ATOL = 1e-7;
  private static final Path NODES = Path.of("/usr/share/libonnx-testdata/data/node");

  /// How many cases there were when the evaluator was last extended: fewer means that one was lost.
  private static final int AT_LEAST = 690;

  @Test
  void operatorsComputeWhatOnnxSays() throws IOException {
    List<String> wrong = new ArrayList<>();
    Set<String> refused = new TreeSet<>();
    int run = 0;
    for (Path file : DebianModels.files("model.onnx")) {
      if (!file.startsWith(NODES)) {
        continue;
      }
      OnnxModel model = OnnxFile.read(file);
      if (!isOurs(model) || !Evaluator.unknownOperators(model).isEmpty()) {
        continue;
      }
      String name = file.getParent().getFileName().toString();
      try {
        check(model, file.resolveSibling("test_data_set_0"));
        run++;
      } catch (OnnxModelException unsupported) {
        refused.add(name + ": " + unsupported.getMessage());
      } catch (RuntimeException | AssertionError e) {
        wrong.add(name + ": " + e);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(refused).allMatch(message -> message.contains("evaluated"));
    assertThat(run).as("cases that ran; refused were %s", refused).isGreaterThanOrEqualTo(AT_LEAST);
  }

  private static boolean isOurs(OnnxModel model) {
    return model.functions().isEmpty()
        && Stream.concat(model.graph().inputs().stream(), model.graph().outputs().stream())
            .map(OnnxValue::type)
            .allMatch(t -> t instanceof OnnxType.Tensor tensor && isOurs(tensor.elementType()));
  }

  private static boolean isOurs(ElementType type) {
    return switch (type) {
      case FLOAT, DOUBLE, INT64, INT32, BOOL, UINT8 -> true;
      default -> false;
    };
  }

  private static void check(OnnxModel model, Path data) throws IOException {
    Map<String, Tensor> inputs = new HashMap<>();
    for (int i = 0; i < model.graph().inputs().size(); i++) {
      inputs.put(model.graph().inputs().get(i).name(), tensor(data, "input", i));
    }
    Map<String, Tensor> expected = new LinkedHashMap<>();
    for (int i = 0; i < model.graph().outputs().size(); i++) {
      expected.put(model.graph().outputs().get(i).name(), tensor(data, "output", i));
    }
    Map<String, Tensor> found = Evaluator.run(model, inputs);
    expected.forEach((name, e) -> near(name, found.get(name), e));
  }

  private static Tensor tensor(Path data, String stem, int i) throws IOException {
    Path file = data.resolve(stem + "_" + i + ".pb");
    assertThat(Files.exists(file)).isTrue();
    return OnnxTensors.toTensor(OnnxFile.readTensor(file));
  }

  private static void near(String name, Tensor found, Tensor expected) {
    assertThat(found).as(name).isNotNull();
    assertThat(found.dtype()).as(name).isEqualTo(expected.dtype());
    assertThat(found.shape()).as(name).isEqualTo(expected.shape());
    double[] f = found.to(DType.F64).toDoubleArray();
    double[] e = expected.to(DType.F64).toDoubleArray();
    for (int i = 0; i < e.length; i++) {
      if (Double.compare(f[i] + 0.0, e[i] + 0.0) != 0
          && !(Math.abs(f[i] - e[i]) <= ATOL + RTOL * Math.abs(e[i]))) {
        throw new AssertionError("%s[%d] is %s, expected %s".formatted(name, i, f[i], e[i]));
      }
    }
  }
}
