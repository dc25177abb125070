package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.AnomalyMode;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Graph;
import dev.autograd.Node;
import dev.autograd.Tensor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Graphs as text and pictures.
class GraphTest {
  /// `(x · y + x)` summed: `x` is used twice.
  private static Tensor loss(Tensor x, Tensor y) {
    return x.mul(y).add(x).sum();
  }

  @Test
  void aGraphHasNodesEdgesAndLeaves() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    Tensor apart = leaf(5);
    Tensor root = loss(x, y);
    Graph graph = Graph.of(root);
    assertThat(graph.nodes())
        .extracting(Node::name)
        .containsExactly(
            "SumBackward", "AddBackward", "MulBackward", "AccumulateGrad", "AccumulateGrad");
    assertThat(graph.edgeCount()).isEqualTo(5);
    assertThat(graph.leaves()).containsExactlyInAnyOrder(x, y);
    assertThat(graph.reaches(x)).isTrue();
    assertThat(graph.reaches(root)).isTrue();
    assertThat(graph.reaches(apart)).isFalse();
    assertThat(graph.reaches(constant(1))).isFalse();
    assertThat(Graph.of(root, apart).reaches(apart)).isTrue();
    refused(ErrorKind.INPUT_NO_GRAD, () -> Graph.of(constant(1)));
  }

  @Test
  void savedArraysAreCountedOnce() {
    Tensor x = leaf(1, 2, 3);
    Tensor e = x.exp(); // saves its result
    Tensor root = e.mul(e).add(e.reshape(3, 1).reshape(3).mul(x)).sum();
    Graph graph = Graph.of(root);
    assertThat(graph.savedBytes()).as("e and x").isEqualTo(2 * 3 * 8);
    assertThat(graph.savedBytesByNode()).isEqualTo(Map.of("MulBackward", 48L));
    root.backward();
    assertThat(graph.savedBytes()).as("all is freed").isZero();
    assertThat(graph.savedBytesByNode()).isEmpty();
    assertThat(graph.nodes()).as("the nodes stay").hasSize(8);
  }

  @Test
  void theTextIndentsWhereANodeHasSeveralInputs() {
    assertThat(Graph.of(loss(leaf(1, 2), leaf(3, 4))))
        .hasToString(
            """
            5 nodes, 5 edges, 32 bytes saved for backward
            #0 SumBackward f64 []
            #1 AddBackward f64 [2]
              #2 MulBackward f64 [2] saves 32 bytes
                #3 leaf f64 [2]
                #4 leaf f64 [2]
              #3 AccumulateGrad, see above
            """);
  }

  @Test
  void aPictureForGraphviz() {
    assertThat(Graph.of(loss(leaf(1, 2), leaf(3, 4))).dot())
        .isEqualTo(
            """
            digraph {
              rankdir=BT
              node [shape=ellipse]
              n0 [label="SumBackward\\nf64 []"]
              n1 [label="AddBackward\\nf64 [2]"]
              n2 [label="MulBackward\\nf64 [2]\\nsaves 32 bytes"]
              n3 [label="leaf\\nf64 [2]", shape=box]
              n4 [label="leaf\\nf64 [2]", shape=box]
              n0 -> n1
              n1 -> n2
              n1 -> n3
              n2 -> n3
              n2 -> n4
            }
            """);
  }

  @Test
  void aPictureForMermaid() {
    assertThat(Graph.of(loss(leaf(1, 2), leaf(3, 4))).mermaid())
        .isEqualTo(
            """
            flowchart BT
              n0(["SumBackward<br>f64 []"])
              n1(["AddBackward<br>f64 [2]"])
              n2(["MulBackward<br>f64 [2]<br>saves 32 bytes"])
              n3["leaf<br>f64 [2]"]
              n4["leaf<br>f64 [2]"]
              n0 --> n1
              n1 --> n2
              n1 --> n3
              n2 --> n3
              n2 --> n4
            """);
  }

  /// A function whose nodes have a name that both languages must escape.
  record Quoted() implements Function {
    @Override
    public String nodeName() {
      return "a \"name\" \\";
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g};
    }
  }

  @Test
  void namesAreEscaped() {
    Graph graph = Graph.of(new Quoted().apply(leaf(1)));
    assertThat(graph.dot()).contains("n0 [label=\"a \\\"name\\\" \\\\\\nf64 [1]\"]");
    assertThat(graph.mermaid()).contains("n0([\"a #quot;name#quot; \\<br>f64 [1]\"])");
  }

  @Test
  void theRestIsCounted() {
    Graph graph = Graph.of(loss(leaf(1, 2), leaf(3, 4)));
    assertThat(graph.text(2))
        .isEqualTo(
            """
            5 nodes, 5 edges, 32 bytes saved for backward
            #0 SumBackward f64 []
            #1 AddBackward f64 [2]
            and 3 more nodes
            """);
    assertThat(graph.dot(2))
        .contains("  n1 -> more [style=dashed]\n")
        .contains("  more [label=\"3 more nodes\", shape=plain]\n")
        .doesNotContain("n2");
    assertThat(graph.mermaid(2))
        .contains("  n1 -.-> more\n")
        .contains("  more[\"3 more nodes\"]\n")
        .doesNotContain("n2");
  }

  @Test
  void aMillionNodesOnASmallStack() throws InterruptedException {
    AtomicReference<String> text = new AtomicReference<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Runnable task =
        () -> {
          Tensor y = leaf(1);
          for (int i = 0; i < 999_999; i++) {
            y = y.add(1);
          }
          Graph graph = Graph.of(y);
          assertThat(graph.dot()).hasLineCount(3 + 100 + 99 + 2 + 1);
          assertThat(graph.mermaid()).contains("999900 more nodes");
          text.set(graph.toString());
        };
    Thread small = new Thread(null, task, "small", 512 * 1024);
    small.setUncaughtExceptionHandler((_, e) -> failure.set(e));
    small.start();
    small.join();
    assertThat(failure.get()).isNull();
    List<String> lines = text.get().lines().toList();
    assertThat(lines).hasSize(102);
    assertThat(lines.getFirst())
        .isEqualTo("1000000 nodes, 999999 edges, 0 bytes saved for backward");
    assertThat(lines.get(100)).isEqualTo("#99 AddScalarBackward f64 [1]");
    assertThat(lines.getLast()).isEqualTo("and 999900 more nodes");
  }

  private static Tensor carried(Tensor w, int steps) {
    Tensor h = constant(1, 2);
    for (int i = 0; i < steps; i++) {
      h = h.mul(w).tanh();
    }
    return h;
  }

  @Test
  void whatKeepsAGraphAliveIsNamedWithItsPlace() {
    Tensor w = leaf(1, 2);
    Tensor state;
    Tensor loss;
    try (var _ = AnomalyMode.detect()) {
      state = carried(w, 3);
      loss = state.mul(2).sum();
    }
    System.gc();
    List<Graph.Holder> holders = Graph.of(state).holders();
    // The state is saved by its own node too, and so cannot be told from what only the graph holds.
    assertThat(holders).extracting(Graph.Holder::tensor).containsExactly(loss);
    assertThat(holders.getFirst()).asString().contains("SumBackward").contains("made at ");
    assertThat(Graph.of(loss).holders()).extracting(Graph.Holder::tensor).containsExactly(loss);
  }

  @Test
  void whatWasMadeOutsideOfAnomalyModeIsNotFollowed() {
    Tensor loss = leaf(1, 2).mul(2).sum();
    assertThat(Graph.of(loss).holders()).isEmpty();
  }
}
