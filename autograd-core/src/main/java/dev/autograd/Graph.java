package dev.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a tensor's history is made of, for a person to look at: nodes, edges, and what they save.
///
/// Whoever holds a root, or any tensor with a history, holds all the nodes behind it and what they
/// save for backward; this says how much that is. It is a view of the moment and holds the nodes
/// itself. Building and printing are loops, and what is printed is bounded: a chain of a million
/// nodes is no harder than one of ten.
public final class Graph {
  private static final int SHOWN = 100;

  private final List<Node> nodes = new ArrayList<>();
  private final IdentityHashMap<Node, Integer> numbers = new IdentityHashMap<>();
  private final int roots;
  private long edges;

  private Graph(List<? extends GraphPlace> places) {
    for (GraphPlace place : places) {
      add(place.gradientEdge().node());
    }
    roots = nodes.size();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      for (int k = 0; k < node.inputCount(); k++) {
        Node next = node.nextNode(k);
        if (next != null) {
          edges++;
          add(next);
        }
      }
    }
  }

  private void add(Node node) {
    if (numbers.putIfAbsent(node, nodes.size()) == null) {
      nodes.add(node);
    }
  }

  /// Returns the graph behind these tensors or edges.
  ///
  /// @throws AutogradException (`INPUT_NO_GRAD`) if one does not require grad
  public static Graph of(GraphPlace... roots) {
    return new Graph(List.of(roots));
  }

  /// Returns the nodes, those nearest to the roots first.
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /// Returns how many edges lead from node to node.
  public long edgeCount() {
    return edges;
  }

  /// Returns the leaves in which the graph ends.
  public List<Tensor> leaves() {
    List<Tensor> leaves = new ArrayList<>();
    for (Node node : nodes) {
      if (node instanceof AccumulateGrad leaf) {
        leaves.add(leaf.variable());
      }
    }
    return leaves;
  }

  /// Tells whether a gradient can flow from the roots to what stands at this place.
  public boolean reaches(GraphPlace place) {
    return !(place instanceof Tensor t && !t.requiresGrad())
        && numbers.containsKey(place.gradientEdge().node());
  }

  /// Returns how many bytes of tensors the nodes save for backward, an array that several tensors
  /// or nodes share counted once; what a walk freed does not count.
  public long savedBytes() {
    return savedBytesByNode().values().stream().mapToLong(Long::longValue).sum();
  }

  /// Returns how many bytes of tensors the nodes of each name save, the largest first; an array
  /// that several share counts for the one nearest to the roots.
  public Map<String, Long> savedBytesByNode() {
    Set<Storage> counted = Collections.newSetFromMap(new IdentityHashMap<>());
    Map<String, Long> bytes = new HashMap<>();
    for (Node node : nodes) {
      long saved = savedBytes(node, counted);
      if (saved > 0) {
        bytes.merge(node.name(), saved, Long::sum);
      }
    }
    Map<String, Long> sorted = new LinkedHashMap<>();
    bytes.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(e -> sorted.put(e.getKey(), e.getValue()));
    return sorted;
  }

  private static long savedBytes(Node node, Set<Storage> counted) {
    long[] bytes = {0};
    if (node instanceof FunctionNode function) {
      function.eachSavedTensor(
          tensor -> {
            if (counted.add(tensor.sharedStorage())) {
              bytes[0] += tensor.sharedStorage().byteSize();
            }
          });
    }
    return bytes[0];
  }

  // --- holders ---------------------------------------------------------------------------------

  /// A tensor that keeps a graph alive as long as the program holds it.
  ///
  /// @param place where the program made it
  public record Holder(Tensor tensor, @Nullable ForwardPlace place) {
    /// Returns what it is and where it was made.
    @Override
    public String toString() {
      return tensor.dtype()
          + " "
          + tensor.shape()
          + " of "
          + tensor.gradFn()
          + (place == null ? "" : " made " + place);
    }
  }

  /// Returns the tensors through which the roots of this graph can be reached, and that the graphs
  /// do not merely save: those that the program holds, as far as the garbage collector has found
  /// out (call `System.gc()` first). Only tensors made in [AnomalyMode] are known.
  ///
  /// Where memory grows from step to step, such as with losses that are kept in a list or with a
  /// hidden state that is carried over, these are the ones to detach.
  public List<Holder> holders() {
    List<Tensor> live = LiveTensors.all();
    Graph all = new Graph(live);
    Set<Tensor> saved = Collections.newSetFromMap(new IdentityHashMap<>());
    IdentityHashMap<Node, List<Node>> users = new IdentityHashMap<>();
    for (Node node : all.nodes) {
      if (node instanceof FunctionNode function) {
        function.eachSavedTensor(saved::add);
      }
      for (int k = 0; k < node.inputCount(); k++) {
        Node next = node.nextNode(k);
        if (next != null) {
          users.computeIfAbsent(next, _ -> new ArrayList<>(1)).add(node);
        }
      }
    }
    Set<Node> leading = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Node> open = new ArrayList<>(nodes.subList(0, roots));
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      if (leading.add(node)) {
        open.addAll(users.getOrDefault(node, List.of()));
      }
    }
    List<Holder> holders = new ArrayList<>();
    for (Tensor t : live) {
      Node node = t.gradFn();
      if (node != null && leading.contains(node) && !saved.contains(t)) {
        holders.add(new Holder(t, node.forwardPlace()));
      }
    }
    return holders;
  }

  // --- pictures --------------------------------------------------------------------------------

  /// Returns the graph as an indented text of at most 100 nodes.
  @Override
  public String toString() {
    return text(SHOWN);
  }

  /// Returns the graph as a text with one line for each edge, indented where a node has several
  /// inputs, of the `atMost` nodes nearest to the roots.
  public String text(int atMost) {
    StringBuilder b = new StringBuilder();
    b.append(nodes.size()).append(nodes.size() == 1 ? " node, " : " nodes, ");
    b.append(edges).append(edges == 1 ? " edge, " : " edges, ");
    b.append(savedBytes()).append(" bytes saved for backward\n");
    boolean[] printed = new boolean[Math.min(atMost, nodes.size())];
    List<Line> open = new ArrayList<>();
    for (int i = roots - 1; i >= 0; i--) {
      open.add(new Line(i, 0));
    }
    while (!open.isEmpty()) {
      Line line = open.removeLast();
      if (line.number >= printed.length) {
        continue;
      }
      b.append("  ".repeat(line.depth)).append('#').append(line.number).append(' ');
      Node node = nodes.get(line.number);
      if (printed[line.number]) {
        b.append(node.name()).append(", see above\n");
        continue;
      }
      printed[line.number] = true;
      b.append(label(node, " ")).append('\n');
      int[] next = inputsOf(node);
      for (int k = next.length - 1; k >= 0; k--) {
        open.add(new Line(next[k], next.length == 1 ? line.depth : line.depth + 1));
      }
    }
    if (printed.length < nodes.size()) {
      b.append("and ").append(nodes.size() - printed.length).append(" more nodes\n");
    }
    return b.toString();
  }

  private record Line(int number, int depth) {}

  /// Returns the graph in the language of Graphviz, of at most 100 nodes.
  public String dot() {
    return dot(SHOWN);
  }

  /// Returns the graph in the language of Graphviz, of the `atMost` nodes nearest to the roots.
  public String dot(int atMost) {
    StringBuilder b = new StringBuilder("digraph {\n  rankdir=BT\n  node [shape=ellipse]\n");
    int n = Math.min(atMost, nodes.size());
    for (int i = 0; i < n; i++) {
      Node node = nodes.get(i);
      String label = label(node, "\n").replace("\\", "\\\\").replace("\"", "\\\"");
      b.append("  n").append(i).append(" [label=\"").append(label.replace("\n", "\\n")).append('"');
      b.append(node instanceof AccumulateGrad ? ", shape=box]\n" : "]\n");
    }
    connect(b, n, "  n%d -> n%d\n", "  n%d -> more [style=dashed]\n");
    if (n < nodes.size()) {
      b.append("  more [label=\"").append(nodes.size() - n).append(" more nodes\", shape=plain]\n");
    }
    return b.append("}\n").toString();
  }

  /// Returns the graph in the language of Mermaid, of at most 100 nodes.
  public String mermaid() {
    return mermaid(SHOWN);
  }

  /// Returns the graph in the language of Mermaid, of the `atMost` nodes nearest to the roots.
  public String mermaid(int atMost) {
    StringBuilder b = new StringBuilder("flowchart BT\n");
    int n = Math.min(atMost, nodes.size());
    for (int i = 0; i < n; i++) {
      Node node = nodes.get(i);
      boolean leaf = node instanceof AccumulateGrad;
      String label = label(node, "\n").replace("\"", "#quot;").replace("\n", "<br>");
      b.append("  n").append(i).append(leaf ? "[\"" : "([\"").append(label);
      b.append(leaf ? "\"]\n" : "\"])\n");
    }
    connect(b, n, "  n%d --> n%d\n", "  n%d -.-> more\n");
    if (n < nodes.size()) {
      b.append("  more[\"").append(nodes.size() - n).append(" more nodes\"]\n");
    }
    return b.toString();
  }

  private void connect(StringBuilder b, int n, String edge, String outwards) {
    for (int i = 0; i < n; i++) {
      boolean more = false;
      for (int next : inputsOf(nodes.get(i))) {
        if (next < n) {
          b.append(edge.formatted(i, next));
        } else if (!more) {
          more = true;
          b.append(outwards.formatted(i));
        }
      }
    }
  }

  private int[] inputsOf(Node node) {
    int[] next = new int[node.inputCount()];
    int n = 0;
    for (int k = 0; k < next.length; k++) {
      Node to = node.nextNode(k);
      Integer number = to == null ? null : numbers.get(to);
      if (number != null) {
        next[n++] = number;
      }
    }
    return Arrays.copyOf(next, n);
  }

  private static String label(Node node, String separator) {
    StringBuilder b = new StringBuilder();
    b.append(node instanceof AccumulateGrad ? "leaf" : node.name());
    for (int k = 0; k < node.outputCount(); k++) {
      b.append(k == 0 ? separator : ", ");
      b.append(node.outputType(k)).append(' ').append(node.outputShape(k));
    }
    long saved = savedBytes(node, Collections.newSetFromMap(new IdentityHashMap<>()));
    if (saved > 0) {
      b.append(separator).append("saves ").append(saved).append(" bytes");
    }
    return b.toString();
  }
}
