package dev.autograd;

import dev.autograd.spi.WalkListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Walks a graph from its roots to its leaves with the chain rule.
///
/// # Note [Order of the walk]
///
/// A node runs when all the gradients that can reach it have arrived; among the ready ones the one
/// created last runs first, which is the reverse of the forward pass and makes sums of gradients
/// come in one fixed order. Everything is a loop over explicit queues: the depth of a model is
/// never the depth of the stack. All state of a walk is in this object, so any number of threads
/// may walk graphs, even graphs that share nodes, at once. A walk runs on the thread that asks for
/// it, always, but for walks deep inside others, see Note [Walks inside walks] in [FreshStack].
final class Engine {
  private static final AtomicLong WALKS = new AtomicLong();

  /// The gradients of a node without inputs, and of one that did not run.
  private static final @Nullable Tensor[] NOTHING = {};

  private final BackwardCall call;

  /// The visits of nodes that another walk is at as well; `null` nearly always.
  private @Nullable IdentityHashMap<Node, Visit> elsewhere;

  private final Visit.Walk self = new Visit.Walk();
  private final PriorityQueue<Node> ready =
      new PriorityQueue<>(Comparator.comparingLong(Node::sequenceNumber).reversed());
  private final Map<Node, List<Capture>> captures;

  /// A place whose gradient the caller of `grad` asked for.
  private record Capture(int outputNr, int slot) {}

  private @Nullable Tensor @Nullable [] captured;

  /// How many storages there were before the node that runs was evaluated.
  private long madeBefore;

  private Engine(boolean retain, boolean create, Map<Node, List<Capture>> captures) {
    this.call =
        new BackwardCall(
            ThreadState.current(), WALKS.incrementAndGet(), retain, create, this::comesTo);
    this.captures = captures;
  }

  /// Returns how many walks there were so far.
  static long walks() {
    return WALKS.get();
  }

  /// Accumulates into the leaves.
  static void backward(List<Edge> roots, List<Tensor> seeds, boolean retain, boolean create) {
    new Engine(retain, create, Map.of()).walk(roots, seeds);
  }

  /// Accumulates into `inputs` only.
  static void backward(
      List<Edge> roots, List<Tensor> seeds, boolean retain, boolean create, List<Tensor> inputs) {
    List<Edge> edges = inputs.stream().map(Tensor::gradientEdge).toList();
    @Nullable Tensor[] found = grad(roots, seeds, retain, create, edges);
    try (var _ = GradMode.outsideInferenceMode()) {
      for (int i = 0; i < found.length; i++) {
        Tensor g = found[i];
        if (g != null) {
          inputs.get(i).accumulateGrad(Batching.liftAs(inputs.get(i), g), create);
        }
      }
    }
  }

  /// Returns the gradients of `inputs`, `null` where one is not reached; accumulates nothing.
  static @Nullable Tensor[] grad(
      List<Edge> roots, List<Tensor> seeds, boolean retain, boolean create, List<Edge> inputs) {
    IdentityHashMap<Node, List<Capture>> captures = new IdentityHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Edge x = inputs.get(i);
      captures.computeIfAbsent(x.node(), n -> new ArrayList<>(1)).add(new Capture(x.outputNr(), i));
    }
    Engine engine = new Engine(retain, create, captures);
    @Nullable Tensor[] found = new Tensor[inputs.size()];
    engine.captured = found;
    engine.walk(roots, seeds);
    return found;
  }

  private void walk(List<Edge> roots, List<Tensor> seeds) {
    List<Node> rootNodes = roots.stream().map(Edge::node).toList();
    try {
      if (captured == null) {
        discover(rootNodes);
      } else {
        restrict(discoverBottomUp(rootNodes));
      }
      run(roots, rootNodes, seeds);
    } finally {
      self.end();
    }
  }

  private void run(List<Edge> roots, List<Node> rootNodes, List<Tensor> seeds) {
    // Gradients outlive inference mode: a later backward adds into them, wherever it runs.
    try (var _ = GradMode.outsideInferenceMode()) {
      for (int i = 0; i < roots.size(); i++) {
        Edge root = roots.get(i);
        deliver(visit(root.node()), root.outputNr(), seeds.get(i), Holding.SHARED);
      }
      for (Node root : rootNodes) {
        if (visit(root).pending == 0 && !ready.contains(root)) {
          ready.add(root);
        }
      }
      ThreadState state = call.state();
      if (state.walks == FreshStack.DEEPEST) {
        throw new AutogradException(
            ErrorKind.WALKS_NESTED,
            "backward: "
                + state.walks
                + " walks run inside each other. Does a hook, or a function's backward, start the"
                + " walk that it runs in again?");
      }
      if (state.walks > 0 && state.walks % FreshStack.LEVELS == 0) {
        FreshStack.run(state, () -> runReady(state));
      } else {
        runReady(state);
      }
    }
  }

  private void runReady(ThreadState state) {
    BackwardCall outer = state.walk;
    WalkListener listener = state.listener;
    state.walk = call;
    state.walks++;
    // Hooks and functions record if the caller wants them to, whatever mode the caller is in.
    try (var _ = GradMode.setEnabled(call.createGraph())) {
      for (Node node = ready.poll(); node != null; node = ready.poll()) {
        call.enter(node);
        if (listener == null) {
          runExplaining(node);
        } else {
          runTold(node, listener);
        }
      }
      call.runCallbacks();
    } finally {
      state.walk = outer;
      state.walks--;
      call.end();
    }
  }

  private void runExplaining(Node node) {
    try {
      run(node);
    } catch (RuntimeException | Error e) {
      AnomalyMode.explain(e, node);
      throw e;
    }
  }

  /// Tells whether the gradients that arrive at `node` are of use in this walk.
  private boolean comesTo(Node node) {
    Visit v = visitOrNull(node);
    return v != null && (v.wanted || captures.containsKey(node));
  }

  private @Nullable Visit visitOrNull(Node node) {
    Visit v = node.visit();
    if (v != null && v.isOf(self)) {
      return v;
    }
    IdentityHashMap<Node, Visit> others = elsewhere;
    return others == null ? null : others.get(node);
  }

  private Visit visit(Node node) {
    Visit v = visitOrNull(node);
    if (v == null) {
      throw new IllegalStateException("node was not discovered: " + node);
    }
    return v;
  }

  private Visit begin(Node node) {
    Visit v = Visit.of(self, node.outputCount());
    if (!node.beginVisit(v)) {
      if (elsewhere == null) {
        elsewhere = new IdentityHashMap<>();
      }
      elsewhere.put(node, v);
    }
    return v;
  }

  /// A node on the path of the search, and which of its inputs comes next.
  private static final class Frame {
    final Node node;
    int input;

    Frame(Node node) {
      this.node = node;
    }
  }

  /// Finds every reachable node and counts the edges into it.
  private void discover(Collection<Node> roots) {
    ArrayDeque<Node> found = new ArrayDeque<>();
    for (Node root : roots) {
      if (visitOrNull(root) == null) {
        begin(root);
        found.push(root);
      }
      for (Node node = found.poll(); node != null; node = found.poll()) {
        for (int i = 0, n = node.inputCount(); i < n; i++) {
          Node next = node.nextNode(i);
          if (next != null) {
            Visit v = visitOrNull(next);
            if (v == null) {
              v = begin(next);
              found.push(next);
            }
            v.pending++;
          }
        }
      }
    }
  }

  /// Does what [#discover] does, and returns the nodes such that each comes after all nodes it
  /// leads to.
  private List<Node> discoverBottomUp(Collection<Node> roots) {
    List<Node> bottomUp = new ArrayList<>();
    ArrayDeque<Frame> path = new ArrayDeque<>();
    for (Node root : roots) {
      if (visitOrNull(root) == null) {
        begin(root);
        path.push(new Frame(root));
      }
      while (!path.isEmpty()) {
        Frame top = path.peek();
        if (top.input == top.node.inputCount()) {
          bottomUp.add(top.node);
          path.pop();
          continue;
        }
        Node next = top.node.nextNode(top.input++);
        if (next != null) {
          Visit v = visitOrNull(next);
          if (v == null) {
            v = begin(next);
            path.push(new Frame(next));
          }
          v.pending++;
        }
      }
    }
    return bottomUp;
  }

  /// Leaves only those nodes wanted from which a captured place can be reached.
  private void restrict(List<Node> bottomUp) {
    for (Node node : bottomUp) {
      boolean wanted = false;
      for (int i = 0; i < node.inputCount() && !wanted; i++) {
        Node next = node.nextNode(i);
        wanted = next != null && (visit(next).wanted || captures.containsKey(next));
      }
      visit(node).wanted = wanted;
    }
  }

  /// Adds a gradient to a node's buffer.
  private void deliver(Visit v, int outputNr, Tensor g, Holding held) {
    Tensor old = v.grad(outputNr);
    if (old == null) {
      v.put(outputNr, g, held);
      return;
    }
    try (var _ = GradMode.setEnabled(call.createGraph())) {
      if (v.held(outputNr) != Holding.SHARED && !call.createGraph() && old.dtype() == g.dtype()) {
        old.add_(g);
      } else {
        v.put(outputNr, old.add(g), call.createGraph() ? Holding.SHARED : Holding.SOLE);
      }
      if (held == Holding.SOLE) {
        g.sharedStorage().spend();
      }
    }
  }

  private void runTold(Node node, WalkListener listener) {
    listener.before(node);
    try {
      runExplaining(node);
    } finally {
      listener.after(node);
    }
  }

  private void run(Node node) {
    Visit v = visit(node);
    Node.Extras extras = node.extrasOrNull();
    if (extras != null && comesTo(node)) {
      NodeHooks.ofTensors(node, extras, v, call);
    }
    if (captured != null) {
      capture(node, v);
    }
    if (!v.wanted) {
      release(node, NOTHING, v);
      return;
    }
    madeBefore = Storage.made();
    @Nullable Tensor[] out = extras == null ? evaluate(node, v) : evaluateHooked(node, extras, v);
    if (!call.retainGraph()) {
      node.free(call);
    }
    release(node, out, v);
  }

  /// Turns the gradients of a node's outputs into those of its inputs.
  private @Nullable Tensor[] evaluate(Node node, Visit v) {
    if (node instanceof FunctionNode f
        && f.operation() instanceof Function function
        && !AnomalyMode.isEnabled()) {
      Tensor g = v.grad(0);
      int before = g == null ? 0 : g.sharedStorage().version();
      @Nullable Tensor[] out = f.evaluate(function, g, call);
      if (g != null && g.sharedStorage().version() != before) {
        throw NodeHooks.written(node, "its backward");
      }
      return out;
    }
    return evaluate(node, v.grads(), v);
  }

  private @Nullable Tensor[] evaluate(Node node, @Nullable Tensor[] g, Visit v) {
    if (node instanceof AccumulateGrad leaf) {
      leaf.accumulate(g[0], v.held(0), call.createGraph());
      return NOTHING;
    }
    int before = NodeHooks.versions(g);
    @Nullable Tensor[] out = node.evaluate(g, call);
    if (NodeHooks.versions(g) != before) {
      throw NodeHooks.written(node, "its backward");
    }
    if (AnomalyMode.isEnabled()) {
      AnomalyMode.checkBackward(node, g, out);
    }
    return out;
  }

  private @Nullable Tensor[] evaluateHooked(Node node, Node.Extras extras, Visit v) {
    @Nullable Tensor[] g = v.grads();
    @Nullable Tensor[] replaced = NodeHooks.before(node, extras, g);
    if (replaced != g) {
      g = replaced;
      v.share();
    }
    NodeHooks.retain(extras, g, call);
    madeBefore = Storage.made();
    return NodeHooks.after(node, extras, evaluate(node, g, v), g);
  }

  /// Hands the gradients of a node's inputs on and marks what has become ready.
  ///
  /// @param out [#NOTHING] if the node did not run
  private void release(Node node, @Nullable Tensor[] out, Visit v) {
    boolean releases = !call.createGraph() && GradientHolders.releases(node, call.state());
    for (int i = 0, n = node.inputCount(); i < n; i++) {
      Node next = node.nextNode(i);
      if (next == null) {
        continue;
      }
      Visit nv = visit(next);
      Tensor grad = out == NOTHING ? null : out[i];
      if (grad != null) {
        deliver(nv, node.nextOutputNr(i), grad, holding(node, grad, i, out, v, releases));
      }
      if (--nv.pending == 0) {
        ready.add(next);
      }
    }
    if (releases) {
      GradientHolders.recycle(out, v);
    }
    v.clear();
  }

  private Holding holding(
      Node node, Tensor grad, int index, @Nullable Tensor[] out, Visit v, boolean releases) {
    return call.createGraph() || call.retainGraph()
        ? Holding.SHARED
        : GradientHolders.of(node, grad, index, out, v, madeBefore, releases);
  }

  private void capture(Node node, Visit v) {
    @Nullable Tensor[] sink = captured;
    List<Capture> wanted = sink == null ? null : captures.get(node);
    if (sink == null || wanted == null) {
      return;
    }
    for (Capture c : wanted) {
      Tensor grad = v.grad(c.outputNr());
      // The buffer may be added into later and the seed is the caller's: what leaves is its own.
      sink[c.slot()] = grad == null || call.createGraph() ? grad : grad.clone();
    }
  }
}
