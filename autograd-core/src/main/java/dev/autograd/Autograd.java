package dev.autograd;

import dev.autograd.spi.Interceptor;
import dev.autograd.spi.WalkListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Gradients of tensors with respect to others, and the switches of the whole.
public final class Autograd {
  private Autograd() {}

  /// Accumulates the gradients of one-element roots into the leaves they depend on.
  public static void backward(List<Tensor> roots) {
    backward(roots, List.of(), GradOptions.defaults());
  }

  /// Accumulates the gradients of `roots`, weighted by `seeds`, into the leaves they depend on.
  ///
  /// @param roots tensors, or edges of them
  /// @param seeds one for each root, of its shape; none at all where every root has one element
  /// @throws AutogradException (`ROOT_NO_GRAD`, `ROOT_NOT_SCALAR`, `SEED_SHAPE`, `SEED_TYPE`,
  ///   `GRAPH_FREED`, `VERSION_MISMATCH`)
  public static void backward(
      List<? extends GraphPlace> roots, List<Tensor> seeds, GradOptions options) {
    Engine.backward(
        edges(roots), seeds(roots, seeds), options.retainsGraph(), options.createsGraph());
  }

  /// Accumulates the gradients of `roots` into `inputs` only, leaves or not.
  ///
  /// @param inputs tensors, or edges of leaves
  /// @throws AutogradException as the other form, (`EMPTY_INPUTS`) if there are no inputs, and
  ///   (`ARGUMENT`) if one is an edge in the middle of the graph, where no tensor holds a gradient
  public static void backward(
      List<? extends GraphPlace> roots,
      List<Tensor> seeds,
      GradOptions options,
      List<? extends GraphPlace> inputs) {
    checkInputs("backward", inputs);
    List<Tensor> targets = new ArrayList<>(inputs.size());
    for (GraphPlace input : inputs) {
      targets.add(
          switch (input) {
            case Tensor t -> t;
            case Edge(AccumulateGrad leaf, int _) -> leaf.variable();
            case Edge e ->
                throw new AutogradException(
                    ErrorKind.ARGUMENT,
                    "backward: gradients accumulate in tensors, and output "
                        + e.outputNr()
                        + " of "
                        + e.node()
                        + " is an edge in the middle of the graph. Use grad, which returns its"
                        + " gradient.");
          });
    }
    Engine.backward(
        edges(roots), seeds(roots, seeds), options.retainsGraph(), options.createsGraph(), targets);
  }

  /// Returns the gradients of a one-element `output` with respect to `inputs`.
  public static List<Tensor> grad(Tensor output, List<Tensor> inputs) {
    return present(grad(List.of(output), inputs, List.of(), GradOptions.defaults()));
  }

  /// Returns the gradients of a one-element `output` with respect to `inputs`.
  ///
  /// With [GradOptions#allowingUnused] use the form that takes lists: its result can hold `null`.
  public static List<Tensor> grad(Tensor output, List<Tensor> inputs, GradOptions options) {
    return present(
        grad(
            List.of(output),
            inputs,
            List.of(),
            options.materializesGrads()
                ? options
                : new GradOptions(options.retainsGraph(), options.createsGraph(), false)));
  }

  /// Returns the gradients of the sum of `outputs`, weighted by `seeds`, with respect to `inputs`;
  /// accumulates nothing.
  ///
  /// @param outputs tensors, or edges of them
  /// @param inputs tensors, or edges of them
  /// @return one gradient for each input; for one that is not reached, if that is allowed, `null`
  ///   or zeros, as the options say
  /// @throws AutogradException (`EMPTY_INPUTS`, `INPUT_NO_GRAD`, `UNUSED_INPUT`), and as
  ///   [#backward(List, List, GradOptions)]
  public static List<@Nullable Tensor> grad(
      List<? extends GraphPlace> outputs,
      List<? extends GraphPlace> inputs,
      List<Tensor> seeds,
      GradOptions options) {
    checkInputs("grad", inputs);
    Batching.checkSeparable(outputs, inputs);
    List<Edge> places = new ArrayList<>(inputs.size());
    inputs.forEach(input -> places.add(input.gradientEdge()));
    @Nullable Tensor[] found =
        Engine.grad(
            edges(outputs),
            seeds(outputs, seeds),
            options.retainsGraph(),
            options.createsGraph(),
            places);
    List<@Nullable Tensor> result = new ArrayList<>(found.length);
    for (int i = 0; i < found.length; i++) {
      if (found[i] == null && !options.allowsUnused()) {
        throw new AutogradException(
            ErrorKind.UNUSED_INPUT,
            "grad: input "
                + i
                + " of shape "
                + places.get(i).shape()
                + " was not used to compute the outputs. Allow unused inputs to get null for it.");
      }
      Tensor g = found[i];
      if (g == null && options.materializesGrads()) {
        g = Tensor.zeros(places.get(i).shape(), places.get(i).dtype());
      }
      result.add(g == null ? null : Batching.liftAs(inputs.get(i), g));
    }
    return result;
  }

  /// Returns vector-Jacobian products for many seeds at once, as one backward over all of them.
  ///
  /// @param seeds one for each output, each with one dimension more than its output: the first, of
  ///   one size for all, along which the seeds of the single products are
  /// @return gradients with that dimension in front
  /// @throws AutogradException (`SEED_SHAPE`) if the shapes do not fit, and as [#grad]
  public static List<@Nullable Tensor> gradBatched(
      List<? extends GraphPlace> outputs,
      List<? extends GraphPlace> inputs,
      List<Tensor> seeds,
      GradOptions options) {
    int size = seeds.isEmpty() || seeds.getFirst().rank() == 0 ? 0 : seeds.getFirst().size(0);
    for (int i = 0; i < seeds.size(); i++) {
      Tensor seed = seeds.get(i);
      if (size == 0 || seed.rank() == 0 || seed.size(0) != size) {
        throw new AutogradException(
            ErrorKind.SEED_SHAPE,
            "gradBatched: seed "
                + i
                + " must have a first dimension that counts the products, at least 1 and the same"
                + " for all seeds, got shape "
                + seed.shape());
      }
    }
    if (size == 0) {
      throw new AutogradException(
          ErrorKind.SEED_SHAPE, "gradBatched: needs a seed for each output, got none");
    }
    try (Vmap.Level level = Vmap.openForDirections(size)) {
      List<Tensor> each = seeds.stream().map(seed -> level.batch(seed, 0)).toList();
      List<@Nullable Tensor> gradients = new ArrayList<>();
      for (Tensor g : grad(outputs, inputs, each, options)) {
        gradients.add(g == null ? null : level.unbatch(g, 0));
      }
      return gradients;
    }
  }

  /// Returns an alias of `x` that has no history, but keeps its tangents, unlike [Tensor#detach].
  public static Tensor withoutHistory(Tensor x) {
    return x.withoutHistory();
  }

  /// Tells whether the histories of `outputs` end in `inputs` only, so that what is computed from
  /// them has no other leaf to send gradients to.
  public static boolean dependOnlyOn(List<Tensor> outputs, List<Tensor> inputs) {
    Set<Node> ends = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Tensor x : inputs) {
      Node node = x.gradientNode();
      if (node != null) {
        ends.add(node);
      }
    }
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<Node> open = new ArrayDeque<>();
    for (Tensor y : outputs) {
      Node node = y.gradientNode();
      if (node != null && seen.add(node)) {
        open.push(node);
      }
    }
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (ends.contains(node)) {
        continue;
      }
      if (node instanceof AccumulateGrad) {
        return false;
      }
      for (int i = 0; i < node.inputCount(); i++) {
        Node next = node.nextNode(i);
        if (next != null && seen.add(next)) {
          open.push(next);
        }
      }
    }
    return true;
  }

  /// Writes the result of `operation` into `out`, over what was there, and returns `out`: the
  /// `out=` argument that any operation can have.
  ///
  /// ```java
  /// GradMode.noGrad(() -> Autograd.into(mean, () -> batch.mean(0)));
  /// ```
  ///
  /// This keeps the array of `out`, and with it its views. Matrix products and large chains of
  /// pointwise operations are computed there; other results are computed first and then copied. It
  /// is not differentiable. What `operation` returned is used up; go on with what this returns.
  ///
  /// @param out has the shape of the result and a type that can hold its values
  /// @throws AutogradException (`OUT_REQUIRES_GRAD`) if gradients are recorded, and `out` or the
  ///   result requires grad, or if one of them has a tangent; then nothing was written. (`SHAPE`,
  ///   `DTYPE`) if the result does not fit
  public static Tensor into(Tensor out, Supplier<Tensor> operation) {
    refuseDerivatives("the tensor to write into", out);
    long madeBefore = Storage.made();
    Tensor result;
    ThreadState state = ThreadState.current();
    boolean before = state.givesPlaces;
    state.givesPlaces = true;
    try {
      result = operation.get();
    } finally {
      state.givesPlaces = before;
    }
    refuseDerivatives("an argument", result);
    try (var _ = GradMode.noGrad()) {
      return out.update("into", _ -> result, madeBefore);
    }
  }

  private static void refuseDerivatives(String what, Tensor t) {
    if (Tangent.live(t.tangents()) != null) {
      throw new AutogradException(
          ErrorKind.OUT_REQUIRES_GRAD,
          "into: "
              + what
              + " has a tangent, which would be lost in a given tensor. Use copy_ instead.");
    }
    if (GradMode.isEnabled() && t.requiresGrad()) {
      throw new AutogradException(
          ErrorKind.OUT_REQUIRES_GRAD,
          "into: "
              + what
              + " requires grad, and writing a result into a given tensor is not recorded. Call it"
              + " inside GradMode.noGrad(), or use copy_, which is recorded.");
    }
  }

  /// Registers a hook on the gradients of several tensors, called at most once in each backward.
  ///
  /// Backward walks of several threads are told apart; the hook must guard what it shares between
  /// them.
  ///
  /// @param hook is given one gradient for each tensor, `null` for those that the backward does not
  ///   compute, and in mode [MultiGradMode#ANY] for all but the first
  /// @throws AutogradException (`HOOK_NO_GRAD`) if one does not require grad, (`ARGUMENT`) if there
  ///   are none
  public static RemovableHandle registerMultiGradHook(
      List<Tensor> tensors, MultiGradMode mode, Consumer<? super List<@Nullable Tensor>> hook) {
    return MultiGradHook.register(
        tensors, Objects.requireNonNull(mode), Objects.requireNonNull(hook));
  }

  /// Runs `callback` when the backward that this thread is in has run all its nodes; for hooks and
  /// functions. A callback may queue more. If the backward fails, none runs.
  ///
  /// @throws AutogradException (`ARGUMENT`) outside of backward
  public static void queueCallback(Runnable callback) {
    Objects.requireNonNull(callback);
    BackwardCall walk = ThreadState.current().walk;
    if (walk == null) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "queueCallback: can be called while backward runs only, from a hook or a function");
    }
    walk.queue(callback);
  }

  /// Lets `interceptor` see every operation of this thread until the scope closes; the latest
  /// installed one sees an operation first.
  public static InterceptorScope intercept(Interceptor interceptor) {
    return new InterceptorScope(Doorway.install(interceptor));
  }

  /// Tells `listener` of every node that backward passes run on this thread until the scope closes,
  /// besides those that are told already.
  public static ListenerScope listen(WalkListener listener) {
    return new ListenerScope(listener);
  }

  /// Removes a listener; close it on the thread that installed it.
  public static final class ListenerScope implements AutoCloseable {
    private final ThreadState state = ThreadState.current();
    private final @Nullable WalkListener before = state.listener;

    private ListenerScope(WalkListener listener) {
      state.listener = before == null ? listener : new Both(before, listener);
    }

    @Override
    public void close() {
      state.listener = before;
    }
  }

  private record Both(WalkListener outer, WalkListener inner) implements WalkListener {
    @Override
    public void before(Node node) {
      outer.before(node);
      inner.before(node);
    }

    @Override
    public void after(Node node) {
      inner.after(node);
      outer.after(node);
    }
  }

  /// Removes an interceptor; close it on the thread that installed it.
  public static final class InterceptorScope implements AutoCloseable {
    private final Runnable undo;

    private InterceptorScope(Runnable undo) {
      this.undo = undo;
    }

    @Override
    public void close() {
      undo.run();
    }
  }

  private static List<Tensor> present(List<@Nullable Tensor> grads) {
    List<Tensor> all = new ArrayList<>(grads.size());
    for (Tensor g : grads) {
      if (g == null) {
        throw new IllegalStateException("an unused input passed the check");
      }
      all.add(g);
    }
    return all;
  }

  private static void checkInputs(String who, List<? extends GraphPlace> inputs) {
    if (inputs.isEmpty()) {
      throw new AutogradException(ErrorKind.EMPTY_INPUTS, who + ": inputs cannot be empty");
    }
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i) instanceof Tensor input && !input.requiresGrad()) {
        throw new AutogradException(
            ErrorKind.INPUT_NO_GRAD,
            who
                + ": input "
                + i
                + " of shape "
                + input.shape()
                + " does not require grad. Call requiresGrad(true) on it before the forward pass.");
      }
    }
  }

  private static List<Edge> edges(List<? extends GraphPlace> roots) {
    List<Edge> edges = new ArrayList<>(roots.size());
    for (int i = 0; i < roots.size(); i++) {
      if (roots.get(i) instanceof Tensor root && !root.requiresGrad()) {
        throw new AutogradException(
            ErrorKind.ROOT_NO_GRAD,
            "backward: root "
                + i
                + ", a "
                + root.dtype()
                + " tensor of shape "
                + root.shape()
                + ", does not require grad and has no gradFn. "
                + Cut.explain(root.cut()));
      }
      edges.add(roots.get(i).gradientEdge());
    }
    return edges;
  }

  private static List<Tensor> seeds(List<? extends GraphPlace> roots, List<Tensor> given) {
    if (!given.isEmpty() && given.size() != roots.size()) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "backward: one seed for each of the "
              + roots.size()
              + " roots is expected, got "
              + given.size());
    }
    List<Tensor> seeds = new ArrayList<>(roots.size());
    for (int i = 0; i < roots.size(); i++) {
      GraphPlace root = roots.get(i);
      if (given.isEmpty()) {
        if (root.shape().numel() != 1) {
          throw new AutogradException(
              ErrorKind.ROOT_NOT_SCALAR,
              "backward: a seed gradient can be implied only for a root of one element, root "
                  + i
                  + " has shape "
                  + root.shape()
                  + ". Reduce it with sum() or mean(), or pass a seed of its shape.");
        }
        seeds.add(Batching.lowerAs(root, Tensor.ones(root.shape(), root.dtype())));
      } else {
        Tensor seed = given.get(i);
        if (!seed.shape().equals(root.shape())) {
          throw new AutogradException(
              ErrorKind.SEED_SHAPE,
              "backward: seed "
                  + i
                  + " must have the shape of its root, "
                  + root.shape()
                  + ", got "
                  + seed.shape());
        }
        if (seed.dtype() == DType.BOOL) {
          throw new AutogradException(
              ErrorKind.SEED_TYPE,
              "backward: seed "
                  + i
                  + " weighs a root of type "
                  + root.dtype()
                  + " and must be of numbers, got bool. Cast it to "
                  + root.dtype()
                  + ".");
        }
        seeds.add(Batching.lowerAs(root, seed.to(root.dtype())));
      }
    }
    return seeds;
  }
}
