package dev.autograd.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxAttribute;
import dev.autograd.onnx.model.OnnxFunction;
import dev.autograd.onnx.model.OnnxGraph;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxNode;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.model.OnnxValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelCheckerTest {
  private static final OnnxValue X = OnnxValue.of("x", ElementType.FLOAT, 2);
  private static final OnnxValue Y = OnnxValue.of("y", ElementType.FLOAT, 2);

  @Test
  void aSoundModelHasNoProblems() {
    assertThat(problems(node("Relu", List.of("x"), "y"))).isEmpty();
  }

  @Test
  void aValueReadBeforeItIsMadeIsFound() {
    assertThat(problems(node("Relu", List.of("h"), "y"), node("Neg", List.of("x"), "h")))
        .containsExactly("Relu 'n_y': reads 'h', which nothing before it makes");
  }

  @Test
  void aValueMadeTwiceIsFound() {
    assertThat(problems(node("Relu", List.of("x"), "y"), node("Neg", List.of("x"), "y")))
        .containsExactly("Neg 'n_y': makes 'y', which was made before");
  }

  @Test
  void anOutputThatNothingMakesIsFound() {
    assertThat(problems(node("Relu", List.of("x"), "z")))
        .containsExactly("graph 'g': nothing makes its output 'y'");
  }

  @Test
  void anUnknownOperatorIsFound() {
    assertThat(problems(node("Relo", List.of("x"), "y")))
        .singleElement()
        .asString()
        .contains("'Relo' is not one of those");
  }

  @Test
  void anOperatorOfALaterOpsetIsFound() {
    assertThat(problems(node("Gelu", List.of("x"), "y")))
        .singleElement()
        .asString()
        .contains("exists from opset 20 on, the model is of opset 17");
  }

  @Test
  void operandsOfDifferentTypesAreFound() {
    OnnxTensor w = OnnxTensor.of("w", new double[2], 2);
    OnnxGraph graph =
        OnnxGraph.of(
            "g", List.of(X), List.of(Y), List.of(w), List.of(node("Add", List.of("x", "w"), "y")));
    assertThat(ModelChecker.problems(model(graph)))
        .containsExactly(
            "Add 'n_y': input 0 (A) is f32 and input 1 (B) is f64; "
                + "the two must have one element type. Cast one of them?");
  }

  @Test
  void aTypeThatTheOperatorDoesNotTakeIsFound() {
    OnnxGraph graph =
        OnnxGraph.of(
            "g",
            List.of(OnnxValue.of("x", ElementType.INT64, 2)),
            List.of(OnnxValue.of("y", ElementType.INT64, 2)),
            List.of(),
            List.of(node("Sigmoid", List.of("x"), "y")));
    assertThat(ModelChecker.problems(model(graph)))
        .first()
        .asString()
        .contains("input 0 (X) must be one of f32, f16, f64, bf16")
        .contains("got i64");
  }

  @Test
  void aWronglyDeclaredOutputIsFound() {
    OnnxGraph graph =
        OnnxGraph.of(
            "g", List.of(X), List.of(Y), List.of(), List.of(node("Shape", List.of("x"), "y")));
    assertThat(ModelChecker.problems(model(graph)))
        .containsExactly("graph 'g': value 'y' is declared as f32, ONNX gives i64");
  }

  @Test
  void attributesAreHeldAgainstTheForm() {
    OnnxNode wrong =
        OnnxNode.of(
            "Concat",
            "c",
            List.of("x", "x"),
            List.of("y"),
            Map.of("axes", OnnxAttribute.of(0L), "axis", OnnxAttribute.of(0f)));
    assertThat(problems(wrong))
        .containsExactlyInAnyOrder(
            "Concat 'c': has no attribute 'axes' from opset 13 on. Its attributes are [axis].",
            "Concat 'c': attribute 'axis' must be of kind int, got float");
    assertThat(problems(node("Concat", List.of("x"), "y")))
        .containsExactly("Concat 'n_y': attribute 'axis' (int) must be given");
  }

  @Test
  void theNumberOfInputsIsHeldAgainstTheForm() {
    assertThat(problems(node("Add", List.of("x"), "y")))
        .containsExactly("Add 'n_y': must have 2 inputs, got 1");
    assertThat(problems(node("Clip", List.of("x", "x", "x", "x"), "y")))
        .containsExactly("Clip 'n_y': must have from 1 to 3 inputs, got 4");
    assertThat(problems(node("Concat", List.of(), "y")))
        .contains("Concat 'n_y': must have at least 1 inputs, got 0");
    assertThat(problems(node("Add", List.of("", "x"), "y")))
        .containsExactly("Add 'n_y': input 0 (A) must be given, it is left out");
  }

  @Test
  void reductionsTakeAxesAsTheOpsetHasThem() {
    OnnxNode attribute =
        OnnxNode.of(
            "ReduceMean",
            "m",
            List.of("x"),
            List.of("y"),
            Map.of("axes", OnnxAttribute.of(new long[] {0})));
    OnnxGraph graph = OnnxGraph.of("g", List.of(X), List.of(Y), List.of(), List.of(attribute));
    assertThat(ModelChecker.problems(model(17, 8, graph))).isEmpty();
    assertThat(ModelChecker.problems(model(18, 8, graph)))
        .singleElement()
        .asString()
        .contains("no attribute 'axes' from opset 18 on");
  }

  @Test
  void bodiesSeeWhatStandsBeforeTheirNode() {
    OnnxGraph body =
        OnnxGraph.of(
            "b",
            List.of(),
            List.of(OnnxValue.of("r", ElementType.FLOAT, 2)),
            List.of(),
            List.of(node("Neg", List.of("late"), "r")));
    OnnxNode branch =
        OnnxNode.of(
            "If",
            "if",
            List.of("c"),
            List.of("y"),
            Map.of("then_branch", OnnxAttribute.of(body), "else_branch", OnnxAttribute.of(body)));
    List<OnnxValue> inputs = List.of(X, OnnxValue.of("c", ElementType.BOOL));
    OnnxNode late = node("Relu", List.of("x"), "late");
    OnnxGraph good = OnnxGraph.of("g", inputs, List.of(Y), List.of(), List.of(late, branch));
    assertThat(ModelChecker.problems(model(good))).isEmpty();
    OnnxGraph bad = OnnxGraph.of("g", inputs, List.of(Y), List.of(), List.of(branch, late));
    assertThat(ModelChecker.problems(model(bad)))
        .contains("Neg 'n_r': reads 'late', which nothing before it makes");
  }

  @Test
  void branchesThatEndDifferentlyAreFound() {
    OnnxNode branch =
        OnnxNode.of(
            "If",
            "if",
            List.of("c"),
            List.of("y"),
            Map.of(
                "then_branch", OnnxAttribute.of(ending("Neg", ElementType.FLOAT)),
                "else_branch", OnnxAttribute.of(ending("Shape", ElementType.INT64))));
    OnnxGraph graph =
        OnnxGraph.of(
            "g",
            List.of(X, OnnxValue.of("c", ElementType.BOOL)),
            List.of(Y),
            List.of(),
            List.of(branch));
    assertThat(ModelChecker.problems(model(graph)))
        .anySatisfy(problem -> assertThat(problem).contains("its bodies end with"));
  }

  @Test
  void callsOfFunctionsAreAllowedAndTheirBodiesChecked() {
    OnnxFunction function =
        new OnnxFunction(
            "com.example",
            "Twice",
            List.of("a"),
            List.of("b"),
            List.of(),
            Map.of(),
            Map.of("", 17L),
            List.of(node("Add", List.of("a", "missing"), "b")),
            "");
    OnnxNode call =
        new OnnxNode(
            "Twice", "com.example", "t", List.of("x"), List.of("y"), Map.of(), "", Map.of());
    OnnxGraph graph = OnnxGraph.of("g", List.of(X), List.of(Y), List.of(), List.of(call));
    OnnxModel model = model(graph);
    assertThat(ModelChecker.problems(model))
        .containsExactly("com.example.Twice 't': its domain 'com.example' is not imported");
    assertThat(ModelChecker.problems(model.withFunctions(List.of(function))))
        .containsExactly("Add 'n_b': reads 'missing', which nothing before it makes");
  }

  @Test
  void versionsMustFitEachOther() {
    OnnxGraph graph =
        OnnxGraph.of(
            "g", List.of(X), List.of(Y), List.of(), List.of(node("Relu", List.of("x"), "y")));
    assertThat(ModelChecker.problems(model(17, 7, graph)))
        .containsExactly("opset 17 needs IR version 8, the model is of 7");
    assertThat(ModelChecker.problems(model(99, 10, graph)))
        .containsExactly("the model is of opset 99, opsets 13 to 22 are checked");
  }

  @Test
  void verifyNamesEveryProblemAtOnce() {
    OnnxGraph graph =
        OnnxGraph.of(
            "g",
            List.of(X),
            List.of(Y),
            List.of(),
            List.of(node("Relo", List.of("x"), "h"), node("Add", List.of("h"), "y")));
    assertThatThrownBy(() -> ModelChecker.verify(model(graph)))
        .isInstanceOfSatisfying(OnnxModelException.class, e -> assertThat(e.problems()).hasSize(2));
  }

  @Test
  void modelsOfOnnxItselfPassWhereTheirOperatorsAreKnown() throws IOException {
    List<String> wrong = new ArrayList<>();
    int clean = 0;
    for (Path file : DebianModels.files(".onnx")) {
      OnnxModel model = OnnxFile.read(file);
      Long opset = model.opsets().get("");
      if (opset == null || opset < 13) {
        continue;
      }
      List<String> problems = ModelChecker.problems(model);
      clean += problems.isEmpty() ? 1 : 0;
      problems.stream()
          .filter(problem -> !problem.contains("is not one of those this library knows"))
          .forEach(problem -> wrong.add(file.getParent().getFileName() + ": " + problem));
    }
    assertThat(wrong).isEmpty();
    assertThat(clean).isGreaterThan(600);
  }

  private static OnnxGraph ending(String opType, ElementType type) {
    return OnnxGraph.of(
        "b",
        List.of(),
        List.of(OnnxValue.of("r", type, 2)),
        List.of(),
        List.of(node(opType, List.of("x"), "r")));
  }

  private static List<String> problems(OnnxNode... nodes) {
    return ModelChecker.problems(
        model(OnnxGraph.of("g", List.of(X), List.of(Y), List.of(), List.of(nodes))));
  }

  private static OnnxModel model(OnnxGraph graph) {
    return model(17, 8, graph);
  }

  private static OnnxModel model(long opset, long irVersion, OnnxGraph graph) {
    return OnnxModel.of(irVersion, Map.of("", opset), new OnnxModel.Producer("test", ""), graph);
  }

  private static OnnxNode node(String opType, List<String> inputs, String output) {
    return OnnxNode.of(opType, "n_" + output, inputs, List.of(output), Map.of());
  }
}
