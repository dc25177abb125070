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

  /// Where this comes from: its slot in the graph, which a leaf gets when somebody asks for it, or
  /// why it has none, if it might have one.
  private @Nullable Origin origin;

  private @Nullable Tensor grad;

  /// What few tensors have; `null` for all others.
  private @Nullable TensorExtras extras;

  private boolean requiresGrad;
  private boolean declaredConstant;

  /// Makes the tensor that stands for one sample.
  Tensor(Vmap.Batched batch) {
    Tensor all = batch.physical();
    int[] dims = all.shape.dims();
    this.storage = all.storage;
    this.shape = Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
    int[] strides = Arrays.copyOfRange(all.sharedStrides(), 1, dims.length);
    this.extras = new TensorExtras(strides, all.offset(), null, batch);
    VarHandle.releaseFence();
  }

  private Tensor(Storage storage, Shape shape, int[] strides, int offset, @Nullable Tensor base) {
    this.storage = storage;
    this.shape = shape;
    if (base != null || offset != 0 || strides != shape.sharedStrides()) {
      this.extras = new TensorExtras(strides, offset, base, null);
      // Whoever finds the tensor without a lock finds where it lies.
      VarHandle.releaseFence();
    }
  }

  private Tensor(Storage storage, Shape shape) {
    this.storage = storage;
    this.shape = shape;
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
    return new Tensor(storage, shape);
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

  /// Makes the result of an operation, which `computation` writes whole: at once, or where the
  /// program said by [Autograd#into] where it goes, as soon as it is known to be the result that
  /// goes there. For authors of operations whose result is large.
  ///
  /// @param computation is given a contiguous tensor; reads nothing but `reads`
  public static Tensor result(
      Shape shape, DType dtype, Consumer<Tensor> computation, Tensor... reads) {
    if (ThreadState.current().givesPlaces) {
      Tensor later = PlacedResult.of(shape, dtype, computation, reads);
      if (later != null) {
        return later;
      }
    }
    Tensor y = empty(shape, dtype);
    computation.accept(y);
    return y;
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
    if (batch() != null) {
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
    TensorExtras e = extras;
    return e == null ? 0 : e.offset;
  }

  /// Returns how far apart, in elements, neighbours along each dimension are, a fresh array.
  public int[] strides() {
    return sharedStrides().clone();
  }

  int[] sharedStrides() {
    TensorExtras e = extras;
    return e == null ? shape.sharedStrides() : e.strides;
  }

  /// Tells whether the elements lie in row-major order without gaps.
  public boolean isContiguous() {
    TensorExtras e = extras;
    if (e == null) {
      return true;
    }
    if (e.batch != null) {
      return e.batch.physical().isContiguous();
    }
    int[] strides = e.strides;
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
    int[] strides = sharedStrides();
    int reach = 0;
    for (int i = 0; i < strides.length; i++) {
      reach += (shape.sizeAt(i) - 1) * strides[i];
    }
    return numel() > 0 && reach == numel() - 1 && WriteChecks.hasDistinctElements(this);
  }

  /// Tells whether this is contiguous and nothing else fits into its storage.
  boolean ownsWholeStorage() {
    TensorExtras e = extras;
    boolean alone = e == null || (e.base == null && e.batch == null && isContiguous());
    return alone && storage.length() == numel();
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
    return base() != null;
  }

  /// Returns the tensor this is a view of, never itself a view, or `null`.
  public @Nullable Tensor base() {
    TensorExtras e = extras;
    return e == null ? null : e.base;
  }

  /// Returns another tensor over the same storage, for operations that return views.
  ///
  /// @param strides in elements, one for each dimension; not copied
  public Tensor alias(Shape shape, int[] strides, int offset) {
    if (batch() != null) {
      throw Batching.escaped(this);
    }
    Tensor whole = base();
    return new Tensor(storage, shape, strides, offset, whole == null ? this : whole);
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
    return storage.getDouble(offset());
  }

  /// Returns the only element as a long.
  ///
  /// @throws AutogradException (`SHAPE`) if there is not exactly one
  public long itemLong() {
    item();
    return storage.getLong(offset());
  }

  /// Returns one element by its index along every dimension.
  public double at(int... index) {
    if (index.length != rank()) {
      throw new AutogradException(
          ErrorKind.INDEX,
          "at: takes " + rank() + " indices for shape " + shape + ", got " + index.length);
    }
    int[] strides = sharedStrides();
    int position = offset();
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
      return operations().copy(detach()).storage().array();
    }
  }

  private Object plain(String reader, DType dtype) {
    Doorway.read(reader, this);
    try (var _ = GradMode.noGrad()) {
      Tensor t = detach().to(dtype).contiguous();
      if (t.offset() != 0 || t.storage.length() != t.numel()) {
        t = t.clone();
      }
      return t.storage.array();
    }
  }

  // --- history ---------------------------------------------------------------------------------

  /// Tells whether gradients flow to this: it is a leaf that asks for them, or was computed from
  /// one.
  public boolean requiresGrad() {
    Vmap.Batched batch = batch();
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
    Vmap.Batched batch = batch();
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
      origin = null;
    }
    return this;
  }

  /// Returns the node that computed this; `null` for leaves.
  public @Nullable Node gradFn() {
    Vmap.Batched batch = batch();
    if (batch != null) {
      return batch.physical().gradFn();
    }
    followBase();
    Origin from = origin;
    return from instanceof Slot slot && !(slot instanceof AccumulateGrad) ? slot.node() : null;
  }

  /// Tells whether no recorded operation computed this.
  public boolean isLeaf() {
    return gradFn() == null;
  }

  /// Returns which output of [#gradFn] this is.
  public int outputNr() {
    Vmap.Batched batch = batch();
    if (batch != null) {
      return batch.physical().outputNr();
    }
    followBase();
    return origin instanceof Slot slot ? slot.outputNr() : 0;
  }

  /// Returns where gradients of this go: its [#gradFn] or a leaf's accumulator; `null` without
  /// grad.
  @Nullable Node gradientNode() {
    return gradientSlot().node();
  }

  /// Returns this tensor's slot in the graph: that of an output of [#gradFn], a leaf's accumulator,
  /// or just its type if it has no gradient.
  Slot gradientSlot() {
    if (extras == null) {
      if (origin instanceof Slot known) {
        return known;
      }
      if (!requiresGrad) {
        return TensorType.of(this);
      }
    }
    return findGradientSlot();
  }

  private synchronized Slot findGradientSlot() {
    Vmap.Batched batch = batch();
    if (batch != null) {
      Slot behind = batch.physical().gradientSlot();
      return behind.node() == null ? TensorType.of(this) : behind;
    }
    followBase();
    if (origin instanceof Slot known) {
      return known;
    }
    if (!requiresGrad) {
      return TensorType.of(this);
    }
    AccumulateGrad leaf = new AccumulateGrad(this);
    // Whoever finds it without the lock finds it whole.
    VarHandle.releaseFence();
    origin = leaf;
    return leaf;
  }

  /// Returns the node of [#gradientSlot] as far as it was looked up.
  @Nullable Node knownNode() {
    return origin instanceof Slot slot ? slot.node() : null;
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

  /// Takes a view's history from its base if the base was written since.
  private void followBase() {
    TensorExtras e = extras;
    if (e != null) {
      e.followBase(this);
    }
  }

  /// Tells whether gradients flow to this, as far as it has been looked up: cheaper than
  /// [#requiresGrad()], and wrong for a view whose base was written since.
  boolean isTracked() {
    return requiresGrad;
  }

  @Nullable Cut cut() {
    Vmap.Batched batch = batch();
    return batch != null ? batch.physical().cut() : ownCut();
  }

  private @Nullable Cut ownCut() {
    return origin instanceof Cut cut ? cut : null;
  }

  /// Notes why this result of an operation on `in` does not require grad; not if it is one of them.
  void lostHistory(Tensor[] in, @Nullable Cut cut) {
    if (cut != origin && !(origin instanceof Slot)) {
      for (Tensor t : in) {
        if (t == this) {
          return;
        }
      }
      origin = cut;
    }
  }

  /// Notes that this has the values, but not the history, of `written` now.
  void lostHistoryLike(Tensor written) {
    if (!requiresGrad && written.origin instanceof Cut cut) {
      origin = cut;
    }
  }

  /// Returns the node in which gradients of this leaf end, if anybody asked for it yet.
  @Nullable Node accumulatorOrNull() {
    Vmap.Batched batch = batch();
    return batch != null ? batch.physical().accumulatorOrNull() : knownNode();
  }

  /// Notes how this view left the operation that made it; see Note [Views and writes] in [InPlace].
  void viewMade(Operation operation, Tensor[] in, boolean recorded, boolean inference) {
    TensorExtras e = extras;
    if (e != null && e.viewMade(this, operation, in, recorded)) {
      Tensor of = e.base;
      if (inference && !storage.isInference() && of != null && of.requiresGrad()) {
        requiresGrad = true;
      }
    }
  }

  /// Makes this view one that was made before its base was written; returns it.
  Tensor madeBeforeWrites() {
    if (extras != null) {
      extras.baseHistory = null;
    }
    return this;
  }

  void setHistory(Slot place) {
    this.origin = place;
    this.requiresGrad = true;
  }

  /// Takes the place of `other` in the graph, if it has one.
  private void setHistoryOf(Tensor other) {
    Slot place = other.gradientSlot();
    if (place.node() != null) {
      setHistory(place);
    }
  }

  /// Returns a contiguous copy of the values that keeps this tensor's place in the graph.
  Tensor copyWithHistory() {
    Tensor copy;
    try (var _ = GradMode.noGrad()) {
      copy = operations().copy(this);
    }
    copy.setHistoryOf(this);
    return copy;
  }

  /// Returns an alias without history; it shares storage and version, and stops gradients.
  public Tensor detach() {
    Tensor target = Substitution.standingFor(this);
    if (target != this) {
      return target.detach();
    }
    Vmap.Batched batch = batch();
    if (batch != null) {
      return new Tensor(new Vmap.Batched(batch.level(), batch.physical().detach()));
    }
    Tensor alias = new Tensor(storage, shape, sharedStrides(), offset(), null);
    alias.declaredConstant = true;
    alias.origin = requiresGrad ? Cut.DETACHED : ownCut();
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
    Vmap.Batched batch = batch();
    if (batch != null) {
      batch.physical().detach_();
      return this;
    }
    if (knownNode() instanceof FunctionNode maker) {
      maker.keepHistoryOf(this);
    }
    origin = requiresGrad ? Cut.DETACHED : ownCut();
    requiresGrad = false;
    if (extras != null) {
      extras.tangents = null;
    }
    return this;
  }

  /// Returns what is behind this if it stands for one sample of many.
  Vmap.@Nullable Batched batch() {
    TensorExtras e = extras;
    return e == null ? null : e.batch;
  }

  // --- tangents --------------------------------------------------------------------------------

  @Nullable Tangent tangents() {
    TensorExtras e = extras;
    return e == null ? null : e.tangentsOf(this);
  }

  /// Returns the tangents without those that a view gets from its base.
  @Nullable Tangent ownTangents() {
    TensorExtras e = extras;
    return e == null ? null : e.tangents;
  }

  private void ownTangents(@Nullable Tangent tangents) {
    TensorExtras e = extras;
    if (e == null) {
      if (tangents == null) {
        return;
      }
      e = new TensorExtras(shape.sharedStrides(), 0, null, null);
      extras = e;
    }
    e.tangents = tangents;
  }

  /// Returns the tangent at `level`; `null` if there is none.
  @Nullable Tensor tangentAt(ForwardMode.Level level) {
    Vmap.Batched batch = batch();
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
    ownTangents(Tangent.with(ownTangents(), level, tangent));
  }

  /// Returns an alias with the same history, and `tangent` in place of the one at `level`.
  Tensor withTangent(ForwardMode.Level level, @Nullable Tensor tangent) {
    Vmap.Batched batch = batch();
    if (batch != null) {
      Vmap.Level samples = batch.level();
      Tensor all = tangent == null ? null : Batching.lower(tangent, samples);
      return new Tensor(new Vmap.Batched(samples, batch.physical().withTangent(level, all)));
    }
    Tensor y = undual();
    y.ownTangents(Tangent.with(ownTangents(), level, tangent));
    return y;
  }

  /// Returns an alias with the same tangents and without history.
  Tensor withoutHistory() {
    Vmap.Batched batch = batch();
    if (batch != null) {
      return new Tensor(new Vmap.Batched(batch.level(), batch.physical().withoutHistory()));
    }
    Tensor y = detach();
    y.ownTangents(tangents());
    return y;
  }

  /// Returns an alias with the same history and without tangents.
  Tensor undual() {
    Tensor y = new Tensor(storage, shape, sharedStrides(), offset(), null);
    y.setHistoryOf(this);
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
    return update(name, f, Storage.made());
  }

  /// Does the same with a result of which nothing was made before there were `madeBefore` storages.
  Tensor update(String name, UnaryOperator<Tensor> f, long madeBefore) {
    Tensor target = Substitution.standingFor(this);
    if (target != this) {
      target.update(name, f, madeBefore);
      return this;
    }
    Vmap.Batched batch = batch();
    if (batch != null) {
      Batching.update(this, batch, name, f);
      return this;
    }
    return InPlace.update(this, name, f, madeBefore);
  }

  /// Tells whether this view was made while nothing was recorded.
  boolean isApart() {
    TensorExtras e = extras;
    return e != null && e.apart;
  }

  /// Tells whether this view, or one it is a view of, is one of several that share a node.
  boolean isOneOfSeveral() {
    TensorExtras e = extras;
    return e != null && e.oneOfSeveral;
  }

  /// Tells whether this view, or one it is a view of, came from an operation that does not vouch
  /// for its views.
  boolean isCustomView() {
    TensorExtras e = extras;
    return e != null && e.custom;
  }

  // --- gradients -------------------------------------------------------------------------------

  /// Returns the gradient accumulated so far; `null` before any backward reached this leaf, and for
  /// results of operations unless [#retainGrad] was called.
  public @Nullable Tensor grad() {
    Vmap.Batched batch = batch();
    if (batch != null) {
      Tensor all = batch.physical().grad();
      return all == null ? null : Batching.lift(all, batch.level());
    }
    if (origin instanceof AccumulateGrad leaf) {
      leaf.soleHolder(false);
    }
    return grad;
  }

  /// Returns what [#grad()] returns, for the length of an optimizer's step: the gradient must not
  /// be kept, nor anything that shares its memory, since the memory is used again as soon as
  /// [#zeroGrad] drops it.
  public @Nullable Tensor borrowGrad() {
    return batch() != null ? grad() : grad;
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
    Vmap.Batched batch = batch();
    if (batch != null) {
      batch.physical().grad(newGrad == null ? null : Batching.lower(newGrad, batch.level()));
      return;
    }
    gradUnchecked(newGrad, false);
  }

  private @Nullable DType wantedGradDtype() {
    return origin instanceof AccumulateGrad leaf ? leaf.gradDtype() : dtype();
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
    Tensor laid = new Tensor(Storage.zeros(g.dtype(), numel()), shape, sharedStrides(), 0, null);
    try (var _ = GradMode.noGrad()) {
      operations().copyInto(g, laid);
    }
    laid.setHistoryOf(g);
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
    grad = g;
    if (g != null) {
      g.storage.belongTo(null);
    }
    boolean wasOurs = false;
    if (origin instanceof AccumulateGrad leaf) {
      wasOurs = leaf.isSoleHolder();
      leaf.soleHolder(ours);
    }
    if (wasOurs && old != null && old != g) {
      old.storage.spend();
    }
  }

  /// Adds a captured gradient into this tensor's own.
  void accumulateGrad(@Nullable Tensor g, boolean createGraph) {
    if (g == null) {
      return;
    }
    Vmap.Batched batch = batch();
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
    Vmap.Batched batch = batch();
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
      gradFn.extras().retaining.putIfAbsent(outputNr(), this);
    }
  }

  /// Undoes [#retainGrad].
  void stopRetaining() {
    Node gradFn = gradFn();
    if (gradFn != null) {
      gradFn.extras().retaining.remove(outputNr(), this);
    }
  }

  /// Tells whether this is the result of an operation that keeps its gradient.
  public boolean retainsGrad() {
    Node gradFn = gradFn();
    Node.Extras extras = gradFn == null ? null : gradFn.extrasOrNull();
    Vmap.Batched batch = batch();
    if (batch != null) {
      return batch.physical().retainsGrad();
    }
    return extras != null && extras.retaining.get(outputNr()) == this;
  }

  /// Registers a hook that sees the total gradient of this tensor in every backward, and may return
  /// a replacement, or `null` to keep it.
  ///
  /// @throws AutogradException (`HOOK_NO_GRAD`) if this does not require grad
  public RemovableHandle registerHook(UnaryOperator<@Nullable Tensor> hook) {
    Vmap.Batched batch = batch();
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
    return target.extras().tensorHooks.add(new Node.TensorHook(outputNr(), hook));
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
