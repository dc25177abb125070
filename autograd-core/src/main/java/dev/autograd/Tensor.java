package dev.autograd;

import dev.autograd.method.ActivationMethods;
import dev.autograd.method.ArithmeticMethods;
import dev.autograd.method.ComparisonMethods;
import dev.autograd.method.InPlaceMethods;
import dev.autograd.method.IndexingMethods;
import dev.autograd.method.LinearAlgebraMethods;
import dev.autograd.method.ReductionMethods;
import dev.autograd.method.ShapeMethods;
import dev.autograd.spi.TensorOperations;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A multi-dimensional array that remembers how it was computed.
///
/// A tensor is a leaf if the user made it, or the result of an operation; [#gradFn] is then its way
/// into the graph. Leaves with [#requiresGrad(boolean)] get a [#grad] when a root that depends on
/// them runs [#backward()].
///
/// The methods that compute are in families: [ArithmeticMethods], [ComparisonMethods],
/// [ReductionMethods], [LinearAlgebraMethods], [ShapeMethods], [IndexingMethods],
/// [ActivationMethods], and [InPlaceMethods], whose names end in an underscore. Other operations
/// are static methods of their own classes.
///
/// Tensors are ordinary objects of the garbage collector: there is nothing to close.
public final class Tensor
    implements ArithmeticMethods,
        ComparisonMethods,
        ReductionMethods,
        LinearAlgebraMethods,
        ShapeMethods,
        IndexingMethods,
        ActivationMethods,
        InPlaceMethods,
        GraphPlace {

  private final Storage storage;
  private final Shape shape;
  private final int[] strides;
  private final int offset;
  private final @Nullable Tensor base;

  /// The node that made this; for a leaf that requires grad its accumulator, once somebody asked.
  private @Nullable Node node;

  private int outputNr;
  private boolean requiresGrad;
  private boolean declaredConstant;
  private @Nullable Tensor grad;

  /// Whether nobody but this holds the storage of the gradient. See Note [Arrays used again] in
  /// [Recycler].
  private boolean gradIsOurs;

  /// Of a tensor that does not require grad: why not, if it might.
  private @Nullable Cut cut;

  /// Of a view: the history of its base that its own history belongs to.
  private @Nullable Node baseHistory;

  /// Of a view: whether it was made while nothing was recorded, and stays out of its base's
  /// history.
  private boolean apart;

  /// Of a view: whether it, or one it is a view of, is one of several that share a node.
  private boolean oneOfSeveral;

  /// Of a view: whether it, or one it is a view of, came from an operation that does not vouch for
  /// its views.
  private boolean custom;

  /// What is behind this if it stands for one sample of many, see [Vmap]. History, gradient and
  /// tangents are those of the tensor behind.
  private final Vmap.@Nullable Batched batch;

  private @Nullable Tangent tangents;

  /// Makes the tensor that stands for one sample.
  Tensor(Vmap.Batched batch) {
    Tensor all = batch.physical();
    int[] dims = all.shape.dims();
    this.batch = batch;
    this.storage = all.storage;
    this.shape = Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
    this.strides = Arrays.copyOfRange(all.strides, 1, dims.length);
    this.offset = all.offset;
    this.base = null;
  }

  private Tensor(Storage storage, Shape shape, int[] strides, int offset, @Nullable Tensor base) {
    this.storage = storage;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
    this.base = base;
    this.batch = null;
    this.baseHistory = base == null ? null : base.gradFn();
  }

  // --- making tensors --------------------------------------------------------------------------

  /// Wraps a storage whose elements are in row-major order.
  ///
  /// @throws AutogradException (`SHAPE`) if the storage has another number of elements
  public static Tensor of(Storage storage, Shape shape) {
    if (storage.length() != shape.numel()) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          "tensor: shape "
              + shape
              + " takes "
              + shape.numel()
              + " elements, the array has "
              + storage.length());
    }
    return new Tensor(storage, shape, shape.sharedStrides(), 0, null);
  }

  /// Wraps an `f32` array without copying it; without sizes the tensor has one dimension.
  public static Tensor of(float[] values, int... shape) {
    return of(Storage.of(values, DType.F32), shapeOr(values.length, shape));
  }

  /// Wraps an `f64` array without copying it; without sizes the tensor has one dimension.
  public static Tensor of(double[] values, int... shape) {
    return of(Storage.of(values, DType.F64), shapeOr(values.length, shape));
  }

  /// Wraps an `i64` array without copying it; without sizes the tensor has one dimension.
  public static Tensor of(long[] values, int... shape) {
    return of(Storage.of(values, DType.I64), shapeOr(values.length, shape));
  }

  /// Wraps an `i32` array without copying it; without sizes the tensor has one dimension.
  public static Tensor of(int[] values, int... shape) {
    return of(Storage.of(values, DType.I32), shapeOr(values.length, shape));
  }

  /// Copies truth values; without sizes the tensor has one dimension.
  public static Tensor of(boolean[] values, int... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return of(Storage.of(bytes, DType.BOOL), shapeOr(bytes.length, shape));
  }

  /// Makes an `f32` scalar.
  public static Tensor scalar(double value) {
    return scalar(value, DType.F32);
  }

  /// Makes a scalar.
  public static Tensor scalar(double value, DType dtype) {
    return full(Shape.SCALAR, value, dtype);
  }

  /// Makes an `f32` tensor of zeros.
  public static Tensor zeros(int... shape) {
    return zeros(Shape.of(shape), DType.F32);
  }

  /// Makes a tensor of zeros.
  public static Tensor zeros(Shape shape, DType dtype) {
    return of(Storage.zeros(dtype, shape.numel()), shape);
  }

  /// Makes a tensor with unspecified values, for results that are written whole.
  public static Tensor empty(Shape shape, DType dtype) {
    return of(Storage.empty(dtype, shape.numel()), shape);
  }

  /// Makes a tensor with unspecified values whose dimensions lie in memory in another order than
  /// their own.
  ///
  /// @param strides in elements, one for each dimension, such that every element has a place of its
  ///   own among the first `numel` of the storage; not copied
  public static Tensor emptyStrided(Shape shape, int[] strides, DType dtype) {
    return new Tensor(Storage.empty(dtype, shape.numel()), shape, strides, 0, null);
  }

  /// Makes an `f32` tensor of ones.
  public static Tensor ones(int... shape) {
    return ones(Shape.of(shape), DType.F32);
  }

  /// Makes a tensor of ones.
  public static Tensor ones(Shape shape, DType dtype) {
    return full(shape, 1, dtype);
  }

  /// Makes a tensor with every element set to `value`.
  public static Tensor full(Shape shape, double value, DType dtype) {
    if (value == 0) {
      return zeros(shape, dtype);
    }
    Tensor t = empty(shape, dtype);
    operations().fillInto(value, t);
    return t;
  }

  /// Makes the `i64` tensor 0, 1, …, `n − 1`.
  public static Tensor arange(int n) {
    long[] values = new long[n];
    Arrays.setAll(values, i -> i);
    return of(values);
  }

  /// Makes an `f32` tensor of standard normal numbers from the global generator.
  public static Tensor randn(int... shape) {
    return randn(Shape.of(shape), DType.F32, Generator.global());
  }

  /// Makes a tensor of standard normal numbers.
  public static Tensor randn(Shape shape, DType dtype, Generator generator) {
    return Vmap.drawn("randn", shape, dtype, t -> operations().normalInto(t, 0, 1, generator));
  }

  /// Makes an `f32` tensor of numbers uniform in `[0, 1)` from the global generator.
  public static Tensor rand(int... shape) {
    return rand(Shape.of(shape), DType.F32, Generator.global());
  }

  /// Makes a tensor of numbers uniform in `[0, 1)`.
  public static Tensor rand(Shape shape, DType dtype, Generator generator) {
    return Vmap.drawn("rand", shape, dtype, t -> operations().uniformInto(t, 0, 1, generator));
  }

  /// Joins tensors along an existing dimension.
  public static Tensor cat(List<Tensor> all, int dim) {
    return operations().cat(all, dim);
  }

  /// Joins tensors of one shape along a new dimension.
  public static Tensor stack(List<Tensor> all, int dim) {
    return operations().stack(all, dim);
  }

  private static Shape shapeOr(int n, int[] shape) {
    return shape.length == 0 ? Shape.of(n) : Shape.of(shape);
  }

  /// Returns the installed operation library.
  ///
  /// @throws AutogradException (`PLUGIN`) if there is none
  public static TensorOperations operations() {
    return Installed.OPERATIONS;
  }

  // --- what it is ------------------------------------------------------------------------------

  /// Returns the sizes.
  @Override
  public Shape shape() {
    return shape;
  }

  /// Returns the size of one dimension; negative dimensions count from the end.
  public int size(int dim) {
    return shape.size(dim);
  }

  /// Returns the number of dimensions.
  public int rank() {
    return shape.rank();
  }

  /// Returns the number of elements.
  public int numel() {
    return shape.numel();
  }

  /// Returns the element type.
  @Override
  public DType dtype() {
    return storage.dtype();
  }

  /// Returns the live array behind this and its views. What the other methods read is a copy and
  /// always allowed.
  ///
  /// Whoever writes into the array says so by [Storage#bumpVersion()]. Operations use [#memory()].
  ///
  /// @throws AutogradException (`RAW_ACCESS_REQUIRES_GRAD`) if this requires grad and gradients are
  ///   recorded: what is computed from the array would have no history
  public Storage storage() {
    Storage raw = memory();
    raw.expose();
    return raw;
  }

  /// Returns the array behind this and its views for the length of an operation's forward, which
  /// runs while nothing is recorded: for authors of operations, who read it and let go of it, and
  /// write only into what they made or what they have declared by [Context#markDirty].
  ///
  /// @throws AutogradException (`RAW_ACCESS_REQUIRES_GRAD`) as [#storage()]
  public Storage memory() {
    if (batch != null) {
      throw Batching.escaped(this);
    }
    if (requiresGrad && GradMode.isEnabled()) {
      throw new AutogradException(
          ErrorKind.RAW_ACCESS_REQUIRES_GRAD,
          "storage: the array of a tensor that requires grad cannot be had while gradients are"
              + " recorded, since what is done with it leaves no history. Call detach() first, or"
              + " use toArray() for a copy; in a backward, compute with operations.");
    }
    return storage;
  }

  Storage sharedStorage() {
    return storage;
  }

  /// Returns where in the storage the first element is.
  public int offset() {
    return offset;
  }

  /// Returns how far apart, in elements, neighbours along each dimension are, a fresh array.
  public int[] strides() {
    return strides.clone();
  }

  int[] sharedStrides() {
    return strides;
  }

  /// Tells whether the elements lie in row-major order without gaps.
  public boolean isContiguous() {
    if (batch != null) {
      return batch.physical().isContiguous();
    }
    if (strides == shape.sharedStrides()) {
      return true;
    }
    int expected = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      int size = shape.sizeAt(i);
      if (size != 1 && strides[i] != expected) {
        return numel() == 0;
      }
      expected *= size;
    }
    return true;
  }

  /// Tells whether the elements fill a stretch of the array without gaps, in whatever order.
  private boolean isDense() {
    int reach = 0;
    for (int i = 0; i < strides.length; i++) {
      reach += (shape.sizeAt(i) - 1) * strides[i];
    }
    return numel() > 0 && reach == numel() - 1 && WriteChecks.hasDistinctElements(this);
  }

  /// Tells whether this is contiguous and nothing else fits into its storage.
  boolean ownsWholeStorage() {
    return base == null && batch == null && isContiguous() && storage.length() == numel();
  }

  /// Returns the number of in-place writes into the storage, shared by all views of it.
  ///
  /// @throws AutogradException (`INFERENCE_VERSION`) on a tensor that was made in inference mode
  public int version() {
    checkCounted("version");
    return storage.version();
  }

  /// Counts a write that went past the tensor, such as one into the array it was made of: who saved
  /// the old values for backward then notices. Returns this.
  ///
  /// @throws AutogradException (`INFERENCE_VERSION`) on a tensor that was made in inference mode
  public Tensor incrementVersion() {
    checkCounted("incrementVersion");
    storage.bumpVersion("incrementVersion");
    return this;
  }

  private void checkCounted(String who) {
    if (storage.isInference()) {
      throw new AutogradException(
          ErrorKind.INFERENCE_VERSION,
          who
              + ": writes into a tensor that was made in inference mode are not counted. Clone it"
              + " outside of inference mode.");
    }
  }

  /// Tells whether this was made in inference mode, or is a view of what was; see
  /// [GradMode#inferenceMode()].
  public boolean isInference() {
    return storage.isInference();
  }

  /// Tells whether this shares the storage of another tensor that the user can write through.
  public boolean isView() {
    return base != null;
  }

  /// Returns the tensor this is a view of, never itself a view, or `null`.
  public @Nullable Tensor base() {
    return base;
  }

  /// Returns another tensor over the same storage, for operations that return views.
  ///
  /// @param strides in elements, one for each dimension; not copied
  public Tensor alias(Shape shape, int[] strides, int offset) {
    if (batch != null) {
      throw Batching.escaped(this);
    }
    return new Tensor(storage, shape, strides, offset, base == null ? this : base);
  }

  /// Returns this if it is contiguous, else a contiguous copy; differentiable.
  public Tensor contiguous() {
    return isContiguous() ? this : operations().copy(this);
  }

  /// Returns this in another element type, itself if it has it already; differentiable between
  /// floating types.
  public Tensor to(DType dtype) {
    return dtype == dtype() ? this : operations().cast(this, dtype);
  }

  /// Returns a contiguous copy; differentiable.
  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod") // a tensor's copy is an operation, not a memcpy
  public Tensor clone() {
    return operations().copy(this);
  }

  /// Returns a leaf of its own with copies of the values and of the gradient, that requires grad if
  /// this does. An operation's result has a history, which cannot be copied: clone or detach it.
  ///
  /// @throws AutogradException (`DEEPCOPY_NON_LEAF`) on the result of an operation
  public Tensor deepCopy() {
    if (!isLeaf()) {
      throw new AutogradException(
          ErrorKind.DEEPCOPY_NON_LEAF,
          "deepCopy: only leaves can be copied with their gradient, this is the result of "
              + gradFn()
              + ". Use clone(), which is differentiable, or detach().clone().");
    }
    try (var _ = GradMode.noGrad()) {
      Tensor copy = clone();
      Tensor g = grad;
      copy.grad = g == null ? null : g.clone();
      return copy.requiresGrad(requiresGrad);
    }
  }

  // --- reading values --------------------------------------------------------------------------

  /// Returns the only element.
  ///
  /// @throws AutogradException (`SHAPE`) if there is not exactly one
  public double item() {
    if (numel() != 1) {
      throw new AutogradException(
          ErrorKind.SHAPE, "item: takes a tensor of one element, this has shape " + shape);
    }
    Doorway.read("item", this);
    return storage.getDouble(offset);
  }

  /// Returns the only element as a long.
  ///
  /// @throws AutogradException (`SHAPE`) if there is not exactly one
  public long itemLong() {
    item();
    return storage.getLong(offset);
  }

  /// Returns one element by its index along every dimension.
  public double at(int... index) {
    if (index.length != rank()) {
      throw new AutogradException(
          ErrorKind.INDEX,
          "at: takes " + rank() + " indices for shape " + shape + ", got " + index.length);
    }
    int position = offset;
    for (int i = 0; i < index.length; i++) {
      int size = shape.sizeAt(i);
      if (index[i] < 0 || index[i] >= size) {
        throw new AutogradException(
            ErrorKind.INDEX,
            "at: index " + index[i] + " is out of range for dimension " + i + " of size " + size);
      }
      position += index[i] * strides[i];
    }
    Doorway.read("at", this);
    return storage.getDouble(position);
  }

  /// Returns the elements in row-major order, a fresh array, cast to float.
  public float[] toFloatArray() {
    return ((float[]) plain("toFloatArray", DType.F32)).clone();
  }

  /// Returns the elements in row-major order, a fresh array, cast to double.
  public double[] toDoubleArray() {
    return ((double[]) plain("toDoubleArray", DType.F64)).clone();
  }

  /// Returns the elements in row-major order, a fresh array, cast to long.
  public long[] toLongArray() {
    return ((long[]) plain("toLongArray", DType.I64)).clone();
  }

  /// Returns the elements in row-major order, a fresh array of this type's kind.
  public Object toArray() {
    Doorway.read("toArray", this);
    try (var _ = GradMode.noGrad()) {
      return operations().copy(detach()).storage.array();
    }
  }

  private Object plain(String reader, DType dtype) {
    Doorway.read(reader, this);
    try (var _ = GradMode.noGrad()) {
      Tensor t = detach().to(dtype).contiguous();
      if (t.offset != 0 || t.storage.length() != t.numel()) {
        t = t.clone();
      }
      return t.storage.array();
    }
  }

  // --- history ---------------------------------------------------------------------------------

  /// Tells whether gradients flow to this: it is a leaf that asks for them, or was computed from
  /// one.
  public boolean requiresGrad() {
    if (batch != null) {
      return batch.physical().requiresGrad();
    }
    followBase();
    return requiresGrad;
  }

  /// Sets whether this leaf gets a gradient; returns this.
  ///
  /// @throws AutogradException (`NON_FLOAT_REQUIRES_GRAD`) if the elements are not floating,
  ///   (`REQUIRES_GRAD_ON_NON_LEAF`) if it is cleared on the result of an operation,
  ///   (`INFERENCE_REQUIRES_GRAD`) if it is set on a tensor of inference mode outside of the mode
  public Tensor requiresGrad(boolean requires) {
    if (requires && !dtype().isFloating()) {
      throw new AutogradException(
          ErrorKind.NON_FLOAT_REQUIRES_GRAD,
          "requiresGrad: only floating-point tensors can require grad, got " + dtype());
    }
    if (!isLeaf()) {
      if (!requires) {
        throw new AutogradException(
            ErrorKind.REQUIRES_GRAD_ON_NON_LEAF,
            "requiresGrad: can be cleared only on leaves, this is the result of "
                + gradFn()
                + ". Use detach().");
      }
      return this;
    }
    if (batch != null) {
      batch.physical().requiresGrad(requires);
      return this;
    }
    if (requires && !requiresGrad && storage.isInference() && !GradMode.isInferenceMode()) {
      throw new AutogradException(
          ErrorKind.INFERENCE_REQUIRES_GRAD,
          "requiresGrad: a tensor that was made in inference mode cannot start to require grad"
              + " outside of it. Clone it first.");
    }
    requiresGrad = requires;
    if (!requires) {
      node = null;
      cut = null;
    }
    return this;
  }

  /// Returns the node that computed this; `null` for leaves.
  public @Nullable Node gradFn() {
    if (batch != null) {
      return batch.physical().gradFn();
    }
    followBase();
    return node instanceof AccumulateGrad ? null : node;
  }

  /// Tells whether no recorded operation computed this.
  public boolean isLeaf() {
    return gradFn() == null;
  }

  /// Returns which output of [#gradFn] this is.
  public int outputNr() {
    if (batch != null) {
      return batch.physical().outputNr();
    }
    followBase();
    return outputNr;
  }

  /// Returns where gradients of this go: its [#gradFn] or a leaf's accumulator; `null` without
  /// grad.
  @Nullable Node gradientNode() {
    if (base == null && batch == null) {
      Node known = node;
      if (known != null || !requiresGrad) {
        return known;
      }
    }
    return findGradientNode();
  }

  private synchronized @Nullable Node findGradientNode() {
    if (batch != null) {
      return batch.physical().gradientNode();
    }
    followBase();
    if (node == null && requiresGrad) {
      AccumulateGrad leaf = new AccumulateGrad(this);
      outputNr = 0;
      // Whoever finds it without the lock finds it whole.
      VarHandle.releaseFence();
      node = leaf;
    }
    return node;
  }

  /// Returns where gradients of this go now. In-place writes move the tensor on, not the edge:
  /// gradients can still be asked for what the tensor was.
  ///
  /// @throws AutogradException (`INPUT_NO_GRAD`) if this does not require grad
  @Override
  public Edge gradientEdge() {
    Node target = gradientNode();
    if (target == null) {
      throw new AutogradException(
          ErrorKind.INPUT_NO_GRAD, "gradientEdge: this tensor does not require grad");
    }
    return new Edge(target, outputNr());
  }

  /// Takes a view's history from its base if the base was written since. See Note [Views and
  /// writes] in [InPlace].
  private void followBase() {
    if (base == null || base.node == baseHistory) {
      return;
    }
    Node now = base.gradFn();
    boolean ownLeaf = requiresGrad && (node == null || node instanceof AccumulateGrad);
    if (now == null || now == baseHistory || ownLeaf) {
      return;
    }
    if (apart) {
      throw new AutogradException(
          ErrorKind.NOGRAD_VIEW_INPLACE,
          "gradFn: the base of this view of shape "
              + shape
              + " was written in place since by "
              + now.name()
              + ", but the view was made without recording and cannot follow. Make it again.");
    }
    baseHistory = now;
    boolean retains = retainsGrad();
    if (retains) {
      stopRetaining();
    }
    Tensor[] whole = {base};
    long number = ThreadState.current().nextSequenceNumber++;
    new FunctionNode(new AsStrided(Window.of(this)), whole, number).link(whole, this);
    if (retains) {
      retainGrad();
    }
  }

  /// Tells whether gradients flow to this, as far as it has been looked up: cheaper than
  /// [#requiresGrad()], and wrong for a view whose base was written since.
  boolean isTracked() {
    return requiresGrad;
  }

  @Nullable Cut cut() {
    return batch != null ? batch.physical().cut() : cut;
  }

  /// Notes why this result of an operation on `in` does not require grad; not if it is one of them.
  void lostHistory(Tensor[] in, @Nullable Cut cut) {
    if (cut != this.cut) {
      for (Tensor t : in) {
        if (t == this) {
          return;
        }
      }
      this.cut = cut;
    }
  }

  /// Notes that this has the values, but not the history, of `written` now.
  void lostHistoryLike(Tensor written) {
    if (!requiresGrad && written.cut != null) {
      cut = written.cut;
    }
  }

  /// Returns the node in which gradients of this leaf end, if anybody asked for it yet.
  @Nullable Node accumulatorOrNull() {
    return batch != null ? batch.physical().accumulatorOrNull() : node;
  }

  /// Notes how this view left the operation that made it; see Note [Views and writes] in [InPlace].
  void viewMade(Operation operation, Tensor[] in, boolean recorded, boolean inference) {
    Tensor seen = null;
    for (Tensor source : in) {
      if (source == this) {
        return; // written in place or handed back: made elsewhere
      }
      if (seen == null && source.storage == storage) {
        seen = source;
      }
    }
    apart = !recorded || (seen != null && seen.apart);
    if (seen != null) {
      oneOfSeveral = operation instanceof MultiFunction || seen.oneOfSeveral;
      custom = !operation.plainViews() || seen.custom;
    }
    if (inference && !storage.isInference() && base != null && base.requiresGrad()) {
      requiresGrad = true;
    }
  }

  void setHistory(Node gradFn, int outputNr) {
    this.node = gradFn;
    this.outputNr = outputNr;
    this.requiresGrad = true;
  }

  /// Returns a contiguous copy of the values that keeps this tensor's place in the graph.
  Tensor copyWithHistory() {
    Tensor copy;
    try (var _ = GradMode.noGrad()) {
      copy = operations().copy(this);
    }
    Node history = gradientNode();
    if (history != null) {
      copy.setHistory(history, outputNr);
    }
    return copy;
  }

  /// Returns an alias without history; it shares storage and version, and stops gradients.
  public Tensor detach() {
    Tensor target = Substitution.standingFor(this);
    if (target != this) {
      return target.detach();
    }
    if (batch != null) {
      return new Tensor(new Vmap.Batched(batch.level(), batch.physical().detach()));
    }
    Tensor alias = new Tensor(storage, shape, strides, offset, null);
    alias.declaredConstant = true;
    alias.cut = requiresGrad ? Cut.DETACHED : cut;
    return alias;
  }

  /// Tells whether this came from [#detach]: what a function saves of that is a constant.
  boolean isDeclaredConstant() {
    return declaredConstant;
  }

  /// Cuts this off from its history, in place: it becomes a leaf without grad; returns this.
  ///
  /// @throws AutogradException (`DETACH_VIEW`) on a view
  public Tensor detach_() {
    if (isView()) {
      throw new AutogradException(
          ErrorKind.DETACH_VIEW, "detach_: a view cannot be detached in place. Use detach().");
    }
    if (batch != null) {
      batch.physical().detach_();
      return this;
    }
    if (node instanceof FunctionNode maker) {
      maker.keepHistoryOf(this);
    }
    cut = requiresGrad ? Cut.DETACHED : cut;
    node = null;
    outputNr = 0;
    requiresGrad = false;
    tangents = null;
    return this;
  }

  /// Returns what is behind this if it stands for one sample of many.
  Vmap.@Nullable Batched batch() {
    return batch;
  }

  // --- tangents --------------------------------------------------------------------------------

  @Nullable Tangent tangents() {
    Tensor whole = base;
    if (whole != null && whole.tangents != null) {
      followTangents(whole);
    }
    return tangents;
  }

  /// Gives a view the part of the tangents that its base got when it was written.
  private void followTangents(Tensor whole) {
    for (Tangent t = Tangent.live(whole.tangents); t != null; t = Tangent.live(t.outer())) {
      boolean known = false;
      for (Tangent own = tangents; own != null; own = own.outer()) {
        known |= own.level() == t.level();
      }
      if (!known && whole.ownsWholeStorage() && t.value().ownsWholeStorage()) {
        Tensor part = Window.of(this).in(t.value());
        // Its history is that of a view made before the write.
        part.baseHistory = null;
        setTangent(t.level(), part);
      }
    }
  }

  /// Returns the tangent at `level`; `null` if there is none.
  @Nullable Tensor tangentAt(ForwardMode.Level level) {
    if (batch != null) {
      Tensor all = batch.physical().tangentAt(level);
      return all == null ? null : Batching.lift(all, batch.level());
    }
    for (Tangent t = Tangent.live(tangents()); t != null; t = Tangent.live(t.outer())) {
      if (t.level() == level) {
        return t.value();
      }
    }
    return null;
  }

  void setTangent(ForwardMode.Level level, @Nullable Tensor tangent) {
    tangents = Tangent.with(tangents, level, tangent);
  }

  /// Returns an alias with the same history, and `tangent` in place of the one at `level`.
  Tensor withTangent(ForwardMode.Level level, @Nullable Tensor tangent) {
    if (batch != null) {
      Vmap.Level samples = batch.level();
      Tensor all = tangent == null ? null : Batching.lower(tangent, samples);
      return new Tensor(new Vmap.Batched(samples, batch.physical().withTangent(level, all)));
    }
    Tensor y = undual();
    y.tangents = Tangent.with(tangents, level, tangent);
    return y;
  }

  /// Returns an alias with the same tangents and without history.
  Tensor withoutHistory() {
    if (batch != null) {
      return new Tensor(new Vmap.Batched(batch.level(), batch.physical().withoutHistory()));
    }
    Tensor y = detach();
    y.tangents = tangents();
    return y;
  }

  /// Returns an alias with the same history and without tangents.
  Tensor undual() {
    Node history = gradientNode();
    Tensor y = new Tensor(storage, shape, strides, offset, null);
    if (history != null) {
      y.setHistory(history, outputNr);
    }
    return y;
  }

  /// Replaces the contents by `f(this)`, counts the write, and takes over the result's history; the
  /// in-place form of any operation. Returns this.
  ///
  /// @param name the name of the in-place operation, for messages
  /// @throws AutogradException (`LEAF_INPLACE`, `VIEW_OF_LEAF_INPLACE`, `NOGRAD_VIEW_INPLACE`,
  ///   `MULTI_VIEW_INPLACE`, `CUSTOM_VIEW_INPLACE`, `INFERENCE_INPLACE`, `OVERLAPPING_WRITE`,
  ///   `SHAPE`, `DTYPE`)
  public Tensor update(String name, UnaryOperator<Tensor> f) {
    Tensor target = Substitution.standingFor(this);
    if (target != this) {
      target.update(name, f);
      return this;
    }
    if (batch != null) {
      Batching.update(this, batch, name, f);
      return this;
    }
    return InPlace.update(this, name, f);
  }

  /// Tells whether this view was made while nothing was recorded.
  boolean isApart() {
    return apart;
  }

  /// Tells whether this view, or one it is a view of, is one of several that share a node.
  boolean isOneOfSeveral() {
    return oneOfSeveral;
  }

  /// Tells whether this view, or one it is a view of, came from an operation that does not vouch
  /// for its views.
  boolean isCustomView() {
    return custom;
  }

  // --- gradients -------------------------------------------------------------------------------

  /// Returns the gradient accumulated so far; `null` before any backward reached this leaf, and for
  /// results of operations unless [#retainGrad] was called.
  public @Nullable Tensor grad() {
    if (batch != null) {
      Tensor all = batch.physical().grad();
      return all == null ? null : Batching.lift(all, batch.level());
    }
    gradIsOurs = false;
    return grad;
  }

  /// Returns what [#grad()] returns, for the length of an optimizer's step: the gradient must not
  /// be kept, nor anything that shares its memory, since the memory is used again as soon as
  /// [#zeroGrad] drops it.
  public @Nullable Tensor borrowGrad() {
    return batch != null ? grad() : grad;
  }

  /// Says why there is a gradient or none: not required and where history was cut, not kept, not
  /// used, no backward yet, not reached, dropped.
  public GradStatus gradStatus() {
    return GradStatus.of(this);
  }

  /// Sets or, with `null`, drops the gradient.
  ///
  /// @throws AutogradException (`GRAD_ASSIGN_MISMATCH`) if the shape or type differs, or it is this
  public void grad(@Nullable Tensor newGrad) {
    DType wanted = wantedGradDtype();
    if (newGrad != null
        && (newGrad == this
            || !newGrad.shape.equals(shape)
            || (wanted == null ? !newGrad.dtype().isFloating() : newGrad.dtype() != wanted))) {
      throw new AutogradException(
          ErrorKind.GRAD_ASSIGN_MISMATCH,
          "grad: a "
              + dtype()
              + " tensor of shape "
              + shape
              + " takes a gradient of its shape, of "
              + (wanted == null ? "any floating type" : "type " + wanted)
              + ", and not itself, got "
              + newGrad.dtype()
              + " "
              + newGrad.shape);
    }
    if (batch != null) {
      batch.physical().grad(newGrad == null ? null : Batching.lower(newGrad, batch.level()));
      return;
    }
    gradUnchecked(newGrad, false);
  }

  private @Nullable DType wantedGradDtype() {
    return node instanceof AccumulateGrad leaf ? leaf.gradDtype() : dtype();
  }

  /// Returns the type that gradients of this leaf are cast to, by default its own; `null` if they
  /// keep whatever type they arrive in.
  ///
  /// @throws AutogradException (`ARGUMENT`) on the result of an operation
  public @Nullable DType gradDtype() {
    if (!isLeaf()) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "gradDtype: belongs to leaves, this is the result of "
              + gradFn()
              + ", whose gradient has its own type");
    }
    return wantedGradDtype();
  }

  /// Sets the type that gradients of this leaf, which requires grad, are cast to before they are
  /// added up: a wider one to lose less in the sum, a narrower one to save memory, or `null` for
  /// whatever type they arrive in. Holds until the leaf stops to require grad. Returns this.
  ///
  /// @throws AutogradException (`ARGUMENT`) on the result of an operation or if this does not
  ///   require grad, (`DTYPE`) if the type is not floating, (`GRAD_ASSIGN_MISMATCH`) if there is a
  ///   gradient of another type
  public Tensor gradDtype(@Nullable DType dtype) {
    if (!(gradientNode() instanceof AccumulateGrad leaf)) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "gradDtype: can be set on a leaf that requires grad only");
    }
    if (dtype != null && !dtype.isFloating()) {
      throw new AutogradException(
          ErrorKind.DTYPE, "gradDtype: a gradient has a floating type, got " + dtype);
    }
    Tensor present = grad;
    if (dtype != null && present != null && present.dtype() != dtype) {
      throw new AutogradException(
          ErrorKind.GRAD_ASSIGN_MISMATCH,
          "gradDtype: there is a gradient of type "
              + present.dtype()
              + " already, which is not "
              + dtype
              + ". Drop it by zeroGrad() first.");
    }
    leaf.gradDtype(dtype);
    return this;
  }

  /// Returns `g` to keep as this leaf's gradient: laid out as the leaf is if that has no gaps, else
  /// in row-major order, so that pointwise updates run through both alike.
  ///
  /// @param owned whether the array of `g` has no other holder
  Tensor laidOutLikeThis(Tensor g, boolean owned) {
    if (isContiguous() || !isDense()) {
      return owned ? g : g.clone();
    }
    Tensor laid = new Tensor(Storage.zeros(g.dtype(), numel()), shape, strides, 0, null);
    try (var _ = GradMode.noGrad()) {
      operations().copyInto(g, laid);
    }
    Node history = g.gradientNode();
    if (history != null) {
      laid.setHistory(history, g.outputNr());
    }
    return laid;
  }

  @Nullable Tensor gradOrNull() {
    return grad;
  }

  /// Replaces the gradient.
  ///
  /// @param ours whether nobody else holds its storage
  void gradUnchecked(@Nullable Tensor g, boolean ours) {
    Tensor old = grad;
    boolean wasOurs = gradIsOurs;
    grad = g;
    gradIsOurs = ours;
    if (wasOurs && old != null && old != g) {
      old.storage.spend();
    }
  }

  /// Adds a captured gradient into this tensor's own.
  void accumulateGrad(@Nullable Tensor g, boolean createGraph) {
    if (g == null) {
      return;
    }
    if (batch != null) {
      batch.physical().accumulateGrad(Batching.lower(g, batch.level()), createGraph);
      return;
    }
    if (gradientNode() instanceof AccumulateGrad leaf) {
      leaf.accumulate(g, Holding.SHARED, createGraph);
      return;
    }
    try (var _ = GradMode.setEnabled(createGraph)) {
      Tensor old = grad;
      gradUnchecked(old == null ? g.clone() : old.add(g), false);
    }
  }

  /// Drops the gradient.
  public void zeroGrad() {
    grad((Tensor) null);
  }

  /// Computes the gradients of all leaves this one-element tensor depends on, and adds them in.
  ///
  /// @throws AutogradException (`ROOT_NO_GRAD`, `ROOT_NOT_SCALAR`, `GRAPH_FREED`,
  ///   `VERSION_MISMATCH`)
  public void backward() {
    Autograd.backward(List.of(this));
  }

  /// Computes the gradients weighted by `seed`, which has this tensor's shape; `null` stands for
  /// the one of a tensor of one element.
  public void backward(@Nullable Tensor seed) {
    backward(seed, GradOptions.defaults());
  }

  /// Computes the gradients with options, such as [GradOptions#retainGraph()].
  public void backward(GradOptions options) {
    Autograd.backward(List.of(this), List.of(), options);
  }

  /// Computes the gradients weighted by `seed`, with options.
  public void backward(@Nullable Tensor seed, GradOptions options) {
    Autograd.backward(List.of(this), seed == null ? List.of() : List.of(seed), options);
  }

  /// Makes the result of an operation keep its gradient; does nothing on a leaf.
  ///
  /// @throws AutogradException (`RETAIN_NO_GRAD`) if this does not require grad
  public void retainGrad() {
    if (batch != null) {
      batch.physical().retainGrad();
      return;
    }
    if (!requiresGrad) {
      throw new AutogradException(
          ErrorKind.RETAIN_NO_GRAD, "retainGrad: this tensor does not require grad");
    }
    Node gradFn = gradFn();
    if (gradFn != null) {
      gradFn.extras().retaining.putIfAbsent(outputNr, this);
    }
  }

  /// Undoes [#retainGrad].
  void stopRetaining() {
    Node gradFn = gradFn();
    if (gradFn != null) {
      gradFn.extras().retaining.remove(outputNr, this);
    }
  }

  /// Tells whether this is the result of an operation that keeps its gradient.
  public boolean retainsGrad() {
    Node gradFn = gradFn();
    Node.Extras extras = gradFn == null ? null : gradFn.extrasOrNull();
    if (batch != null) {
      return batch.physical().retainsGrad();
    }
    return extras != null && extras.retaining.get(outputNr) == this;
  }

  /// Registers a hook that sees the total gradient of this tensor in every backward, and may return
  /// a replacement, or `null` to keep it.
  ///
  /// @throws AutogradException (`HOOK_NO_GRAD`) if this does not require grad
  public RemovableHandle registerHook(UnaryOperator<@Nullable Tensor> hook) {
    if (batch != null) {
      Vmap.Level samples = batch.level();
      return batch
          .physical()
          .registerHook(
              all -> {
                Tensor g = hook.apply(all == null ? null : Batching.lift(all, samples));
                return g == null ? null : Batching.lower(g, samples);
              });
    }
    Node target = gradientNode();
    if (target == null) {
      throw new AutogradException(
          ErrorKind.HOOK_NO_GRAD, "registerHook: this tensor does not require grad");
    }
    return target.extras().tensorHooks.add(new Node.TensorHook(outputNr, hook));
  }

  /// Registers a hook that runs after a backward added into this leaf's gradient.
  ///
  /// @throws AutogradException (`POST_ACC_HOOK_NON_LEAF`) if this is not a leaf that requires grad
  public RemovableHandle registerPostAccumulateGradHook(Consumer<Tensor> hook) {
    if (gradientNode() instanceof AccumulateGrad leaf) {
      return leaf.afterAccumulation(hook);
    }
    throw new AutogradException(
        ErrorKind.POST_ACC_HOOK_NON_LEAF,
        "registerPostAccumulateGradHook: is for leaves that require grad");
  }

  /// Returns the values, type and history for a person to read.
  @Override
  public String toString() {
    return TensorPrinter.print(this);
  }

  /// Loads the operation library when the first operation is asked for.
  private static final class Installed {
    static final TensorOperations OPERATIONS = OperationLibrary.load();
  }
}
