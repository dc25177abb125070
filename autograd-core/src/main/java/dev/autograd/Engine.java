package dev.autograd;

import dev.autograd.spi.WalkListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
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

  private static final ClassValue<Boolean> RELEASES =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return Tensor.operations().releasesGradients(type);
        }
      };

  /// Stands for a walk at the nodes it visits, which outlive it and are not to keep its graph.
  static final class Walk {
    private volatile boolean over;
  }

  /// What a walk knows of one node. It hangs on the node itself; where another walk has the place,
  /// because several threads walk the node at once, in a map of the walk's own.
  static final class Visit {
    private static final int MOST_KNOWN = 32;

    private final Walk walk;

    /// Edges into the node that have not delivered yet.
    int pending;

    /// Whether the node has to run: it lies on a path to something that was asked for.
    boolean wanted = true;

    final @Nullable Tensor[] grads;

    /// Which of the first gradients' arrays the engine alone holds, and of these the reusable ones.
    private int fresh;

    private int sole;

    Visit(Walk walk, int outputs) {
      this.walk = walk;
      grads = new Tensor[outputs];
    }

    Holding held(int output) {
      int bit = bit(output);
      if ((sole & bit) != 0) {
        return Holding.SOLE;
      }
      return (fresh & bit) != 0 ? Holding.FRESH : Holding.SHARED;
    }

    void held(int output, Holding holding) {
      int bit = bit(output);
      fresh = holding == Holding.SHARED ? fresh & ~bit : fresh | bit;
      sole = holding == Holding.SOLE ? sole | bit : sole & ~bit;
    }

    private static int bit(int output) {
      return output < MOST_KNOWN ? 1 << output : 0;
    }

    /// Notes that others may have seen the gradients.
    void share() {
      fresh = 0;
      sole = 0;
    }

    boolean isOver() {
      return walk.over;
    }
  }

  private final BackwardCall call;

  /// The visits of nodes that another walk is at as well; `null` nearly always.
  private @Nullable IdentityHashMap<Node, Visit> elsewhere;

  private final Walk self = new Walk();
  private final PriorityQueue<Node> ready =
      new PriorityQueue<>(Comparator.comparingLong(Node::sequenceNumber).reversed());
  private final Map<Node, List<Capture>> captures;

  /// A place whose gradient the caller of `grad` asked for.
  private record Capture(int outputNr, int slot) {}

  private @Nullable Tensor @Nullable [] captured;

  private Engine(boolean retain, boolean create, Map<Node, List<Capture>> captures) {
    this.call = new BackwardCall(WALKS.incrementAndGet(), retain, create, this::comesTo);
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
      discover(rootNodes);
      if (captured != null) {
        restrict(bottomUp(rootNodes));
      }
      run(roots, rootNodes, seeds);
    } finally {
      self.over = true;
    }
  }

  private void run(List<Edge> roots, List<Node> rootNodes, List<Tensor> seeds) {
    // Gradients outlive inference mode: a later backward adds into them, wherever it runs.
    try (var _ = GradMode.outsideInferenceMode()) {
      for (int i = 0; i < roots.size(); i++) {
        Edge root = roots.get(i);
        deliver(root.node(), root.outputNr(), seeds.get(i), Holding.SHARED);
      }
      for (Node root : rootNodes) {
        if (visit(root).pending == 0 && !ready.contains(root)) {
          ready.add(root);
        }
      }
      ThreadState state = ThreadState.current();
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
    if (v != null && v.walk == self) {
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
    Visit v = new Visit(self, node.outputCount());
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

  /// Returns the discovered nodes such that each comes after all nodes it leads to.
  private static List<Node> bottomUp(Collection<Node> roots) {
    List<Node> bottomUp = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<Frame> path = new ArrayDeque<>();
    for (Node root : roots) {
      if (!seen.add(root)) {
        continue;
      }
      path.push(new Frame(root));
      while (!path.isEmpty()) {
        Frame top = path.peek();
        if (top.input == top.node.inputCount()) {
          bottomUp.add(top.node);
          path.pop();
          continue;
        }
        Node next = top.node.nextNode(top.input++);
        if (next != null && seen.add(next)) {
          path.push(new Frame(next));
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
  private void deliver(Node node, int outputNr, @Nullable Tensor g, Holding held) {
    if (g == null) {
      return;
    }
    Visit v = visit(node);
    Tensor old = v.grads[outputNr];
    if (old == null) {
      v.grads[outputNr] = g;
      v.held(outputNr, held);
      return;
    }
    try (var _ = GradMode.setEnabled(call.createGraph())) {
      if (v.held(outputNr) != Holding.SHARED && !call.createGraph() && old.dtype() == g.dtype()) {
        old.add_(g);
      } else {
        v.grads[outputNr] = old.add(g);
        v.held(outputNr, call.createGraph() ? Holding.SHARED : Holding.SOLE);
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
    @Nullable Tensor[] g = v.grads;
    Node.Extras extras = node.extrasOrNull();
    if (extras != null && comesTo(node) && runTensorHooks(node, extras, g)) {
      v.share();
    }
    capture(node, g);
    if (!v.wanted) {
      release(node, new Tensor[node.inputCount()], v, Long.MAX_VALUE);
      return;
    }
    if (extras != null) {
      @Nullable Tensor[] replaced = runPreHooks(node, extras, g);
      if (replaced != g) {
        g = replaced;
        v.share();
      }
      retain(extras, g);
    }
    long madeBefore = Storage.made();
    @Nullable Tensor[] out;
    if (node instanceof AccumulateGrad leaf) {
      leaf.accumulate(g[0], v.held(0), call.createGraph());
      out = new Tensor[0];
    } else {
      int before = versions(g);
      out = node.evaluate(g, call);
      if (versions(g) != before) {
        throw written(node, "its backward");
      }
      if (AnomalyMode.isEnabled()) {
        AnomalyMode.checkBackward(node, g, out);
      }
    }
    if (extras != null) {
      out = runPostHooks(node, extras, out, g);
    }
    if (!call.retainGraph()) {
      node.free(call);
    }
    release(node, out, v, madeBefore);
  }

  /// Hands the gradients of a node's inputs on and marks what has become ready.
  ///
  /// @param madeBefore how many storages there were before the node ran
  private void release(Node node, @Nullable Tensor[] out, Visit v, long madeBefore) {
    for (int i = 0; i < node.inputCount(); i++) {
      Node next = node.nextNode(i);
      if (next == null) {
        continue;
      }
      Tensor grad = out[i];
      deliver(
          next,
          node.nextOutputNr(i),
          grad,
          grad == null ? Holding.SHARED : holding(node, grad, i, out, v, madeBefore));
      Visit nv = visit(next);
      if (--nv.pending == 0) {
        ready.add(next);
      }
    }
    recycle(node, out, v);
    Arrays.fill(v.grads, null);
  }

  /// Tells who can hold the array of a gradient that `node` returned. If it was made while the node
  /// ran and goes to one input only, or was given to the node and is handed on, that is the engine.
  /// An older array may be the seed, a saved value, or a constant of the function.
  private Holding holding(
      Node node, Tensor grad, int index, @Nullable Tensor[] out, Visit v, long madeBefore) {
    if (call.createGraph()
        || call.retainGraph()
        || !grad.ownsWholeStorage()
        || grad.tangents() != null) {
      return Holding.SHARED;
    }
    Storage storage = grad.sharedStorage();
    Node.Extras extras = node.extrasOrNull();
    if (extras != null && !extras.postHooks.isEmpty()) {
      return Holding.SHARED;
    }
    for (int i = 0; i < out.length; i++) {
      Tensor other = out[i];
      if (i != index && other != null && other.sharedStorage() == storage) {
        return Holding.SHARED;
      }
    }
    if (storage.isMadeAfter(madeBefore)) {
      return releases(node) ? Holding.SOLE : Holding.FRESH;
    }
    for (int i = 0; i < v.grads.length; i++) {
      if (v.grads[i] == grad) {
        return releases(node) ? v.held(i) : Holding.SHARED;
      }
    }
    return Holding.SHARED;
  }

  /// Tells whether a node keeps nothing of the gradients that pass through it, and nobody looks on.
  private static boolean releases(Node node) {
    return node instanceof FunctionNode f
        && node.extrasOrNull() == null
        && OperationLibrary.loadedOrNull() != null
        && RELEASES.get(f.operation().getClass())
        && ThreadState.current().interceptors == null;
  }

  /// Makes the memory of gradients that have served free to be used again. See Note [Arrays used
  /// again] in [Recycler].
  private static void recycle(Node node, @Nullable Tensor[] out, Visit v) {
    for (int i = 0; i < v.grads.length; i++) {
      Tensor g = v.grads[i];
      if (g != null && v.held(i) == Holding.SOLE && releases(node)) {
        boolean handedOn = false;
        for (Tensor grad : out) {
          handedOn |= grad != null && grad.sharedStorage() == g.sharedStorage();
        }
        if (!handedOn) {
          g.sharedStorage().spend();
        }
      }
    }
  }

  private void capture(Node node, @Nullable Tensor[] g) {
    @Nullable Tensor[] sink = captured;
    List<Capture> wanted = sink == null ? null : captures.get(node);
    if (sink == null || wanted == null) {
      return;
    }
    for (Capture c : wanted) {
      Tensor grad = g[c.outputNr()];
      // The buffer may be added into later and the seed is the caller's: what leaves is its own.
      sink[c.slot()] = grad == null || call.createGraph() ? grad : grad.clone();
    }
  }

  // --- hooks, in the documented order ----------------------------------------------------------

  /// Returns what is another number once one of these was written in place.
  private static int versions(@Nullable Tensor[] all) {
    int sum = 0;
    for (Tensor t : all) {
      if (t != null) {
        sum += t.sharedStorage().version();
      }
    }
    return sum;
  }

  /// A gradient may have other readers: other branches, the caller's seed, a leaf's gradient.
  private static AutogradException written(Node node, String who) {
    return new AutogradException(
        ErrorKind.GRAD_WRITTEN,
        node.name()
            + ": "
            + who
            + " wrote in place into a gradient that it was given, which others may read. Compute a"
            + " new tensor instead, such as g.mul(2) for g.mul_(2), and return that.");
  }

  private boolean runTensorHooks(Node node, Node.Extras extras, @Nullable Tensor[] g) {
    if (extras.tensorHooks.isEmpty()) {
      return false;
    }
    try (var _ = GradMode.setEnabled(call.createGraph())) {
      for (Node.TensorHook h : extras.tensorHooks.hooks()) {
        Tensor before = g[h.outputNr()];
        if (before == null) {
          continue;
        }
        int version = before.sharedStorage().version();
        // An unchecked cast can let anything through to here, and none of it is to go further.
        Object returned = ((java.util.function.Function<? super Tensor, ?>) h.hook()).apply(before);
        if (before.sharedStorage().version() != version) {
          throw written(node, "a hook of its output " + h.outputNr());
        }
        if (returned != null) {
          if (!(returned instanceof Tensor after) || !after.shape().equals(before.shape())) {
            throw new AutogradException(
                ErrorKind.HOOK_BAD_RETURN,
                "hook: must return a gradient of the shape it was given, "
                    + before.shape()
                    + ", got "
                    + (returned instanceof Tensor other
                        ? other.shape()
                        : "a " + returned.getClass().getSimpleName()));
          }
          g[h.outputNr()] = after;
        }
      }
    }
    return true;
  }

  private @Nullable Tensor[] runPreHooks(Node node, Node.Extras extras, @Nullable Tensor[] g) {
    @Nullable Tensor[] current = g;
    for (Node.PreHook h : extras.preHooks.hooks()) {
      int before = versions(current);
      @Nullable Tensor[] replaced = h.call(current);
      if (versions(current) != before) {
        throw written(node, "a pre-hook");
      }
      if (replaced != null) {
        if (replaced.length != node.outputCount()) {
          throw new AutogradException(
              ErrorKind.HOOK_BAD_RETURN,
              "pre-hook of "
                  + node.name()
                  + ": must return "
                  + node.outputCount()
                  + " gradients, got "
                  + replaced.length);
        }
        current = replaced;
      }
    }
    return current;
  }

  private void retain(Node.Extras extras, @Nullable Tensor[] g) {
    extras.retaining.forEach(
        (outputNr, tensor) -> tensor.accumulateGrad(g[outputNr], call.createGraph()));
  }

  private @Nullable Tensor[] runPostHooks(
      Node node, Node.Extras extras, @Nullable Tensor[] out, @Nullable Tensor[] g) {
    @Nullable Tensor[] current = out;
    for (Node.PostHook h : extras.postHooks.hooks()) {
      int before = versions(current) + versions(g);
      @Nullable Tensor[] replaced = h.call(current, g);
      if (versions(current) + versions(g) != before) {
        throw written(node, "a post-hook");
      }
      if (replaced != null) {
        if (replaced.length != out.length) {
          throw new AutogradException(
              ErrorKind.HOOK_BAD_RETURN,
              "post-hook: must return " + out.length + " gradients, got " + replaced.length);
        }
        current = replaced;
      }
    }
    return current;
  }
}
