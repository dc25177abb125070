package dev.autograd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A vertex of the graph: what turns the gradients of some outputs into those of the inputs.
///
/// A tensor's [Tensor#gradFn] is its way into the graph; [#nextFunctions] leads on towards the
/// leaves, each of which ends in a node named `AccumulateGrad`.
public abstract sealed class Node extends Slot permits FunctionNode, AccumulateGrad {

  /// Watches, and may replace, the gradients that a node returns.
  @FunctionalInterface
  public interface PostHook {
    /// Returns replacements for `gradInputs`, or `null` to keep them.
    @Nullable Tensor @Nullable [] call(
        @Nullable Tensor[] gradInputs, @Nullable Tensor[] gradOutputs);
  }

  /// Watches, and may replace, the gradients that a node is given.
  @FunctionalInterface
  public interface PreHook {
    /// Returns replacements for `gradOutputs`, or `null` to keep them.
    @Nullable Tensor @Nullable [] call(@Nullable Tensor[] gradOutputs);
  }

  /// A hook on the gradient of one tensor, bound to the output it was.
  record TensorHook(int outputNr, UnaryOperator<@Nullable Tensor> hook) {}

  /// The parts that few nodes have.
  static final class Extras {
    final Map<String, Object> metadata = new HashMap<>();
    final HookList<TensorHook> tensorHooks = new HookList<>();
    final HookList<PreHook> preHooks = new HookList<>();
    final HookList<PostHook> postHooks = new HookList<>();

    /// Non-leaf tensors that keep their gradient, by output.
    final Map<Integer, Tensor> retaining = new HashMap<>();

    /// Where the node was recorded, if anomaly mode was on.
    @Nullable ForwardPlace place;
  }

  private static final VarHandle VISIT;

  static {
    try {
      VISIT = MethodHandles.lookup().findVarHandle(Node.class, "visit", Visit.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long sequenceNumber;
  private @Nullable Extras extras;

  /// What the walk that is at this node knows of it; another walk leaves it alone.
  private volatile @Nullable Visit visit;

  Node(long sequenceNumber) {
    this.sequenceNumber = sequenceNumber;
  }

  @Nullable Visit visit() {
    return visit;
  }

  /// Hangs the visit of a walk here, unless another walk that is not over has the place.
  final boolean beginVisit(Visit mine) {
    Visit other = visit;
    return (other == null || other.isOver()) && VISIT.compareAndSet(this, other, mine);
  }

  /// Returns the name, such as `MulBackward` or `AccumulateGrad`.
  public abstract String name();

  /// Returns how many inputs the forward had, and so how many gradients this node returns.
  abstract int inputCount();

  /// Returns how many outputs the forward had, and so how many gradients this node is given.
  abstract int outputCount();

  /// Returns what is known of an output; of the first one that is the node itself, see Note [Slots
  /// and nodes] in [Slot], unless it has no gradient.
  abstract Slot slot(int outputNr);

  @Override
  final Node node() {
    return this;
  }

  @Override
  final int outputNr() {
    return 0;
  }

  /// Returns the shape of output `index`, and so of the gradient given for it.
  final Shape outputShape(int index) {
    return slot(index).shape();
  }

  /// Returns the element type of output `index`.
  final DType outputType(int index) {
    return slot(index).dtype();
  }

  /// Returns the edge of input `index`, or `null` if that input has no gradient.
  abstract @Nullable Node nextNode(int index);

  /// Returns which output of [#nextNode] input `index` was.
  abstract int nextOutputNr(int index);

  /// Turns the gradients of the outputs into those of the inputs.
  abstract @Nullable Tensor[] evaluate(@Nullable Tensor[] g, BackwardCall call);

  /// Drops what was saved, after a backward that does not retain the graph.
  abstract void free(BackwardCall call);

  /// Returns one edge for each input of the forward; `null` for an input without gradient.
  public List<@Nullable Edge> nextFunctions() {
    List<@Nullable Edge> edges = new ArrayList<>(inputCount());
    for (int i = 0; i < inputCount(); i++) {
      Node next = nextNode(i);
      edges.add(next == null ? null : new Edge(next, nextOutputNr(i)));
    }
    return edges;
  }

  /// Returns the shape of each output of the forward, and so of the gradient given for it.
  public List<Shape> outputShapes() {
    List<Shape> shapes = new ArrayList<>(outputCount());
    for (int i = 0; i < outputCount(); i++) {
      shapes.add(outputShape(i));
    }
    return shapes;
  }

  /// Returns the place of this node in the order of creation on its thread; the engine runs the
  /// latest ready node first. `AccumulateGrad` has the greatest number there is.
  public long sequenceNumber() {
    return sequenceNumber;
  }

  /// Returns a map for the user's own notes, kept for the node's life.
  public Map<String, Object> metadata() {
    return extras().metadata;
  }

  /// Returns where in the program this was recorded; `null` unless [AnomalyMode] was on then.
  public @Nullable ForwardPlace forwardPlace() {
    Extras known = extras;
    return known == null ? null : known.place;
  }

  /// Registers a hook that sees, and may replace, the gradients given to this node.
  public RemovableHandle registerPrehook(PreHook hook) {
    return extras().preHooks.add(hook);
  }

  /// Registers a hook that sees, and may replace, the gradients this node returns.
  public RemovableHandle registerHook(PostHook hook) {
    return extras().postHooks.add(hook);
  }

  /// Runs this node's vector-Jacobian product on the gradients of its outputs.
  ///
  /// @throws AutogradException (`NODE_ARITY`) if their number is not the number of outputs
  public @Nullable Tensor[] call(@Nullable Tensor... gradOutputs) {
    if (gradOutputs.length != outputCount()) {
      throw new AutogradException(
          ErrorKind.NODE_ARITY,
          name()
              + ": takes one gradient for each of its "
              + outputCount()
              + " outputs, got "
              + gradOutputs.length);
    }
    return evaluate(gradOutputs, BackwardCall.outside());
  }

  synchronized Extras extras() {
    if (extras == null) {
      extras = new Extras();
    }
    return extras;
  }

  /// Returns the extras, or `null` where nobody asked for any: the engine's quick test.
  @Nullable Extras extrasOrNull() {
    return extras;
  }

  /// Returns the name in angle brackets: `<AddBackward>`.
  @Override
  public String toString() {
    return "<" + name() + ">";
  }
}
