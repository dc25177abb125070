package dev.autograd.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.autograd.onnx.model.Dim;
import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxGraph;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxNode;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.model.OnnxValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {
  private static final OnnxModel.Producer PRODUCER = new OnnxModel.Producer("test", "");
  private static final List<Dim> ROWS = List.of(Dim.named("batch"), Dim.of(4));

  private final GraphBuilder g = new GraphBuilder();
  private final GraphValue x = g.input("x", ElementType.FLOAT, ROWS);

  @Test
  void theDefaultsAreOpset17AndIrVersion8() {
    g.output("y", relu(x));
    OnnxModel model = g.model("net", PRODUCER);
    assertThat(model.opsets()).isEqualTo(Map.of("", 17L));
    assertThat(model.irVersion()).isEqualTo(8);
    assertThat(model.graph().inputs()).containsExactly(OnnxValue.of("x", ElementType.FLOAT, ROWS));
    ModelChecker.verify(model);
  }

  @Test
  void resultsTakeTheNamesOfOutputs() {
    GraphValue h = g.node("Neg").inputs(x).named("layer 1/neg").output();
    g.output("y", relu(h));
    assertThat(g.graph("net").nodes())
        .extracting(OnnxNode::name, OnnxNode::inputs, OnnxNode::outputs)
        .containsExactly(
            tuple("layer_1/neg", List.of("x"), List.of("layer_1/neg.Y")),
            tuple("Relu", List.of("layer_1/neg.Y"), List.of("y")));
  }

  @Test
  void wantedNamesThatAreTakenGetNumbers() {
    GraphValue h = x;
    for (int i = 0; i < 4; i++) {
      h = relu(h);
    }
    GraphValue taken = g.input("Relu.Y_2", ElementType.FLOAT, ROWS);
    g.output("Relu.Y", g.node("Add").inputs(h, taken).output());
    OnnxModel model = g.model("net", PRODUCER);
    ModelChecker.verify(model);
    assertThat(model.graph().nodes())
        .extracting(OnnxNode::name)
        .containsExactly("Relu", "Relu_2", "Relu_3", "Relu_4", "Add");
    assertThat(model.graph().outputs().getFirst().name()).isEqualTo("Relu.Y");
  }

  @Test
  void outputsThatAreNoResultsGoThroughIdentity() {
    GraphValue h = relu(x);
    g.output("a", h);
    g.output("b", h);
    g.output("c", x);
    g.output("d", g.scalar(ElementType.FLOAT, 2));
    OnnxModel model = g.model("net", PRODUCER);
    ModelChecker.verify(model);
    assertThat(model.graph().nodes())
        .extracting(OnnxNode::opType, OnnxNode::outputs)
        .containsExactly(
            tuple("Relu", List.of("a")),
            tuple("Identity", List.of("b")),
            tuple("Identity", List.of("c")),
            tuple("Identity", List.of("d")));
  }

  @Test
  void whatNoOutputNeedsIsLeftOutButInputsStay() {
    GraphValue unused = g.input("unused", ElementType.INT64, List.of());
    g.node("Neg").inputs(unused).output();
    g.initializer(
        new Object(),
        "dead",
        ElementType.FLOAT,
        new long[] {1},
        () -> {
          throw new AssertionError("nobody needs this tensor");
        });
    g.constant(1, 2, 3);
    g.output("y", relu(x));
    OnnxGraph graph = g.graph("net");
    assertThat(graph.nodes()).hasSize(1);
    assertThat(graph.initializers()).isEmpty();
    assertThat(graph.inputs()).extracting(OnnxValue::name).containsExactly("x", "unused");
    assertThat(g.unusedInputs()).containsExactly("unused");
  }

  @Test
  void weightsAreOneForEachIdentity() {
    float[] storage = {1, 2, 3, 4};
    float[] equal = {1, 2, 3, 4};
    GraphValue a = weight(storage, "encoder.weight");
    GraphValue b = weight(storage, "decoder.weight");
    GraphValue c = weight(equal, "other.weight");
    assertThat(b).isSameAs(a);
    assertThat(c).isNotSameAs(a);
    GraphValue sum = g.node("Add").inputs(a, b).output();
    g.output("y", g.node("Add").inputs(sum, c).output());
    assertThat(g.graph("net").initializers())
        .extracting(OnnxTensor::name)
        .containsExactly("encoder.weight", "other.weight");
  }

  @Test
  void equalConstantsAreOne() {
    assertThat(g.constant(1, 2)).isSameAs(g.constant(1, 2)).isNotSameAs(g.constant(2, 1));
    assertThat(g.scalar(ElementType.FLOAT, 0)).isNotSameAs(g.scalar(ElementType.FLOAT, -0.0));
    assertThat(g.scalar(ElementType.FLOAT, 1)).isNotSameAs(g.scalar(ElementType.DOUBLE, 1));
    assertThat(g.constant(1)).isNotSameAs(g.scalar(ElementType.INT64, 1));
    assertThat(g.body("b").constant(1, 2)).isSameAs(g.constant(1, 2));
  }

  @Test
  void scalarsMustFitTheirType() {
    assertThatThrownBy(() -> g.scalar(ElementType.UINT8, 256)).hasMessageContaining("u8");
    assertThatThrownBy(() -> g.scalar(ElementType.INT64, 0.5)).hasMessageContaining("0.5");
    assertThatThrownBy(() -> g.scalar(ElementType.INT64, 0x1p63)).hasMessageContaining("i64");
    assertThatThrownBy(() -> g.scalar(ElementType.INT32, Double.NaN)).hasMessageContaining("NaN");
    GraphValue least = g.scalar(ElementType.INT64, -0x1p63);
    g.output("y", least);
    assertThat(g.graph("net").initializers().getFirst().toLongs()).containsExactly(Long.MIN_VALUE);
  }

  @Test
  void typesOfResultsAreFound() {
    assertThat(g.node("Shape").inputs(x).output().elementType()).isEqualTo(ElementType.INT64);
    assertThat(g.node("Less").inputs(x, x).output().elementType()).isEqualTo(ElementType.BOOL);
    GraphValue cast = g.node("Cast").inputs(x).attribute("to", ElementType.DOUBLE).output();
    assertThat(cast.elementType()).isEqualTo(ElementType.DOUBLE);
    List<GraphValue> top =
        g.node("TopK").inputs(x, g.constant(1)).declare(ElementType.FLOAT, ROWS).outputs(2);
    assertThat(top)
        .extracting(GraphValue::elementType)
        .containsExactly(ElementType.FLOAT, ElementType.INT64);
    assertThat(top.getFirst().dims()).isEqualTo(ROWS);
    GraphValue shape = g.constant(2);
    assertThat(g.node("ConstantOfShape").inputs(shape).output().elementType())
        .isEqualTo(ElementType.FLOAT);
    assertThat(
            g.node("ConstantOfShape")
                .inputs(shape)
                .attribute("value", OnnxTensor.of("", new int[] {1}, 1))
                .output()
                .elementType())
        .isEqualTo(ElementType.INT32);
    assertThat(g.node("EyeLike").inputs(cast).output().elementType()).isEqualTo(ElementType.DOUBLE);
  }

  @Test
  void nodesOutsideTheTableAreRefusedAtOnce() {
    assertThatThrownBy(() -> g.node("Gelu").inputs(x).output())
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("exists from opset 20 on, the model is of opset 17");
    assertThatThrownBy(() -> g.node("Add").inputs(x, g.scalar(ElementType.DOUBLE, 1)).output())
        .hasMessageContaining("the two must have one element type");
    assertThatThrownBy(() -> g.node("Relu").inputs(x).attribute("alpha", 1f).output())
        .hasMessageContaining("has no attribute 'alpha'");
    assertThatThrownBy(() -> g.node("Relu").inputs(x).outputs(2))
        .hasMessageContaining("must have 1 outputs, got 2");
    assertThatThrownBy(() -> g.node("Concat").inputs(x).attribute("axes", 1).output())
        .isInstanceOfSatisfying(OnnxModelException.class, e -> assertThat(e.problems()).hasSize(2));
    assertThat(g.has("Gelu")).isFalse();
    assertThat(new GraphBuilder(20).has("Gelu")).isTrue();
  }

  @Test
  void declarationsMustAgreeWithOnnx() {
    assertThatThrownBy(() -> g.node("Shape").inputs(x).declare(ElementType.INT32, null).output())
        .hasMessage(
            "Shape 'Shape': output 0 is declared as i32, ONNX gives i64. Is a Cast missing?");
    assertThatThrownBy(
            () ->
                g.node("Relu")
                    .inputs(x)
                    .declare(ElementType.FLOAT, null)
                    .declare(ElementType.FLOAT, null)
                    .output())
        .hasMessageContaining("2 outputs are declared, it has 1");
  }

  @Test
  void optionalInputsLeftOutKeepTheirPlace() {
    GraphValue max = g.scalar(ElementType.FLOAT, 6);
    g.output("y", g.node("Clip").inputs(x, null, max).output());
    g.output("z", g.node("Clip").inputs(x, null, null).output());
    OnnxGraph graph = g.graph("net");
    assertThat(graph.nodes().get(0).inputs()).containsExactly("x", "", "constant");
    assertThat(graph.nodes().get(1).inputs()).containsExactly("x");
  }

  @Test
  void sourceLinesStandWhereTheVersionHasAPlace() {
    g.output("y", g.node("Relu").inputs(x).source("Net.java:7").output());
    assertThat(g.graph("net").nodes().getFirst().doc()).isEqualTo("Net.java:7");
    GraphBuilder later = new GraphBuilder(21);
    GraphValue in = later.input("x", ElementType.FLOAT, null);
    later.output("y", later.node("Relu").inputs(in).source("Net.java:7").output());
    assertThat(later.graph("net").nodes().getFirst().metadata())
        .isEqualTo(Map.of("source", "Net.java:7"));
    ModelChecker.verify(later.model("net", PRODUCER));
  }

  @Test
  void branchesSeeTheOuterGraph() {
    GraphValue c = g.input("c", ElementType.BOOL, List.of());
    GraphValue h = relu(x);
    GraphBuilder yes = g.body("yes");
    yes.output("r", yes.node("Neg").inputs(h).output());
    GraphBuilder no = g.body("no");
    no.output("r", h);
    GraphValue y =
        g.node("If").inputs(c).attribute("then_branch", yes).attribute("else_branch", no).output();
    assertThat(y.elementType()).isEqualTo(ElementType.FLOAT);
    g.output("y", y);
    OnnxModel model = g.model("net", PRODUCER);
    ModelChecker.verify(model);
    OnnxNode branch = model.graph().nodes().getLast();
    // A branch must end with a value of its own.
    assertThat(branch.requireGraph("else_branch").nodes())
        .extracting(OnnxNode::opType)
        .containsExactly("Identity");
  }

  @Test
  void valuesOfABodyAreNotSeenOutside() {
    GraphBuilder body = g.body("b");
    GraphValue inner = body.node("Neg").inputs(x).output();
    assertThatThrownBy(() -> relu(inner)).hasMessageContaining("cannot be seen from here");
    assertThatThrownBy(() -> g.output("y", inner)).hasMessageContaining("cannot be seen");
    assertThatThrownBy(() -> relu(new GraphBuilder().input("z", ElementType.FLOAT, null)))
        .hasMessageContaining("cannot be seen from here");
  }

  @Test
  void aBodyEndsWhereItsNodeBegins() {
    GraphValue c = g.input("c", ElementType.BOOL, List.of());
    GraphBuilder yes = g.body("yes");
    yes.output("r", yes.node("Neg").inputs(x).output());
    GraphBuilder no = g.body("no");
    no.output("r", no.node("Shape").inputs(x).output());
    assertThatThrownBy(
            () ->
                g.node("If")
                    .inputs(c)
                    .attribute("then_branch", yes)
                    .attribute("else_branch", no)
                    .output())
        .hasMessageContaining("they must agree");
    GraphBuilder also = g.body("also");
    also.output("r", x);
    g.node("If").inputs(c).attribute("then_branch", yes).attribute("else_branch", also).output();
    assertThatThrownBy(() -> yes.node("Neg").inputs(x).output())
        .hasMessageContaining("belongs to a node already");
    assertThatThrownBy(() -> yes.output("s", x)).hasMessageContaining("belongs to a node already");
  }

  @Test
  void otherDomainsMustBeImportedAndTheirOutputsDeclared() {
    assertThatThrownBy(
            () ->
                g.node("Fancy")
                    .domain("com.example")
                    .inputs(x)
                    .declare(ElementType.FLOAT, null)
                    .output())
        .hasMessageContaining("does not import the domain 'com.example'");
    g.importDomain("com.example", 1);
    assertThatThrownBy(() -> g.node("Fancy").domain("com.example").inputs(x).output())
        .hasMessageContaining("must be declared");
    g.output(
        "y",
        g.node("Fancy").domain("com.example").inputs(x).declare(ElementType.FLOAT, null).output());
    OnnxModel model = g.model("net", PRODUCER);
    assertThat(model.opsets()).isEqualTo(Map.of("", 17L, "com.example", 1L));
    ModelChecker.verify(model);
    assertThatThrownBy(() -> g.importDomain("com.example", 2)).hasMessageContaining("version 1");
  }

  @Test
  void namesOfInputsAndOutputsAreTheUsersOwn() {
    assertThatThrownBy(() -> g.input("x", ElementType.FLOAT, null))
        .hasMessage("the graph has an input or output 'x' already");
    assertThatThrownBy(() -> g.output(" ", x)).hasMessageContaining("need names");
    g.output("größe:0", relu(x));
    assertThat(g.graph("net").outputs()).extracting(OnnxValue::name).containsExactly("größe:0");
  }

  @Test
  void initializersMustBeAsAnnounced() {
    GraphValue w =
        g.initializer(
            new Object(),
            "w",
            ElementType.FLOAT,
            new long[] {2},
            () -> OnnxTensor.of("", new float[3], 3));
    g.output("y", w);
    assertThatThrownBy(() -> g.graph("net")).hasMessageContaining("must be as it was announced");
  }

  @Test
  void aGraphWithoutOutputsIsRefused() {
    assertThatThrownBy(() -> g.graph("net")).hasMessageContaining("must have an output");
    assertThatThrownBy(() -> g.body("b").graph("net")).hasMessageContaining("outermost graph");
    assertThatThrownBy(() -> new GraphBuilder(12)).hasMessageContaining("from 13 to 22, got 12");
  }

  @Test
  void aChainOfManyNodesNeedsNoDeepStack() throws InterruptedException {
    GraphValue h = x;
    for (int i = 0; i < 100_000; i++) {
      h = relu(h);
    }
    g.output("y", h);
    int[] nodes = new int[1];
    Thread small =
        new Thread(null, () -> nodes[0] = checked(g.model("net", PRODUCER)), "small", 256 * 1024);
    small.start();
    small.join();
    assertThat(nodes[0]).isEqualTo(100_000);
  }

  private static int checked(OnnxModel model) {
    ModelChecker.verify(model);
    return model.graph().nodes().size();
  }

  private GraphValue relu(GraphValue value) {
    return g.node("Relu").inputs(value).output();
  }

  private GraphValue weight(float[] storage, String name) {
    return g.initializer(
        storage,
        name,
        ElementType.FLOAT,
        new long[] {storage.length},
        () -> OnnxTensor.of(name, storage, storage.length));
  }
}
