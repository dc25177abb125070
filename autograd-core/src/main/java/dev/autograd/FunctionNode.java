package dev.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The trace of one application of an [Operation]: its edges, and what it saved.
public final class FunctionNode extends Node implements Context {
  private static final SavedTensor[] NOTHING = {};

  /// Stands for saved values that are gone: one write, so that a walk on another thread sees either
  /// all of them or this.
  private static final SavedTensor[] FREED = {};

  /// Has a value that forward kept.
  interface KeptElsewhere {
    Object fetch(FunctionNode keeper);

    void release();
  }

  private final Operation operation;
  private final Slot[] inputs;
  private Slot[] outputs = {};
  private SavedTensor[] saved = NOTHING;
  private @Nullable Object kept;
  private @Nullable BackwardCall freedBy;
  private boolean materialize = true;

  /// Whether another has a saved value in custody, and is to be told when it is freed.
  private boolean inCustody;

  private boolean clearOnAccess;
  private @Nullable List<Tensor> dirty;
  private @Nullable List<Tensor> nonDifferentiable;

  /// Which inputs' derivatives are wanted although they have no edge, or `null` for none.
  private final boolean @Nullable [] wanted;

  /// How many storages there were before forward, in the low bits: what is younger was made by it.
  private final int madeBefore;

  FunctionNode(Operation operation, Tensor[] in, long sequenceNumber) {
    this(operation, in, sequenceNumber, null);
  }

  FunctionNode(Operation operation, Tensor[] in, long sequenceNumber, boolean @Nullable [] wanted) {
    super(sequenceNumber);
    if (AnomalyMode.isEnabled()) {
      extras().place = AnomalyMode.placeIfOn();
    }
    this.madeBefore = (int) Storage.made();
    this.wanted = wanted;
    this.operation = operation;
    this.inputs = new Slot[in.length];
    for (int i = 0; i < in.length; i++) {
      inputs[i] = Slot.of(in[i]);
    }
  }

  /// Makes the node of an operation that was never run and leads to `ends`.
  private FunctionNode(Undifferentiable operation, List<Slot> ends) {
    super(ThreadState.current().nextSequenceNumber++);
    this.madeBefore = 0;
    this.wanted = null;
    this.operation = operation;
    this.inputs = ends.toArray(new Slot[0]);
  }

  @Override
  public String name() {
    return operation.nodeName();
  }

  /// Returns the operation that was applied.
  public Operation operation() {
    return operation;
  }

  /// Returns the tensors that were saved for backward, in the order in which they were saved.
  ///
  /// @throws AutogradException (`GRAPH_FREED`) if an earlier backward freed them,
  ///   (`VERSION_MISMATCH`) if one of them was written in place since
  public List<@Nullable Tensor> savedValues() {
    SavedTensor[] all = savedOrFreed();
    List<@Nullable Tensor> values = new ArrayList<>(all.length);
    for (SavedTensor s : all) {
      values.add(s.isAbsent() ? null : s.unpack(this));
    }
    return values;
  }

  /// Returns handles of the tensors that were saved for backward, in the order in which they were
  /// saved.
  ///
  /// @throws AutogradException (`GRAPH_FREED`) if an earlier backward freed them
  public List<SavedTensorHandle> savedTensors() {
    int n = savedOrFreed().length;
    List<SavedTensorHandle> handles = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      handles.add(new SavedTensorHandle(this, i));
    }
    return handles;
  }

  /// Shows the storages of what is saved here in memory; of nothing once it was freed.
  void eachSaved(Consumer<Storage> visitor) {
    for (SavedTensor s : saved) {
      Tensor tensor = s.tensorOrNull();
      if (tensor != null) {
        visitor.accept(tensor.sharedStorage());
      }
    }
  }

  @Override
  public int inputCount() {
    return inputs.length;
  }

  @Override
  int outputCount() {
    return outputs.length;
  }

  @Override
  Slot slot(int outputNr) {
    return outputs[outputNr];
  }

  @Override
  @Nullable Node nextNode(int index) {
    return inputs[index].node();
  }

  @Override
  int nextOutputNr(int index) {
    return inputs[index].outputNr();
  }

  // --- Context ---------------------------------------------------------------------------------

  @Override
  public void save(@Nullable Tensor... tensors) {
    if (saved.length > 0) {
      throw new FunctionContractException(
          ErrorKind.ARGUMENT, operation.name(), "save may be called once; pass all tensors to it");
    }
    SavedTensor[] s = new SavedTensor[tensors.length];
    for (int i = 0; i < s.length; i++) {
      s[i] = SavedTensor.of(tensors[i]);
    }
    saved = s;
  }

  @Override
  public Tensor saved(int index) {
    SavedTensor[] all = savedOrFreed();
    if (index < 0 || index >= all.length) {
      throw new FunctionContractException(
          ErrorKind.ARGUMENT,
          operation.name(),
          "backward asks for saved tensor " + index + ", forward saved " + all.length);
    }
    SavedTensor s = all[index];
    if (clearOnAccess) {
      return takeOut(all, index);
    }
    return s.unpack(this);
  }

  @Override
  public @Nullable Tensor savedOrNull(int index) {
    SavedTensor[] all = savedOrFreed();
    return index >= 0 && index < all.length && all[index].isAbsent() ? null : saved(index);
  }

  @Override
  public void clearSavedOnAccess() {
    clearOnAccess = true;
  }

  /// Reads a saved value for the last time, if this walk is the last one.
  private Tensor takeOut(SavedTensor[] all, int index) {
    SavedTensor s = all[index];
    if (s == SavedTensor.TAKEN) {
      throw new AutogradException(
          ErrorKind.GRAPH_FREED,
          name()
              + ": saved tensor "
              + index
              + " was read before, and this function clears saved tensors when they are read. Read"
              + " it once and keep the result in a variable.");
    }
    Tensor value = s.unpack(this);
    BackwardCall walk = ThreadState.current().walk;
    if (walk != null && walk.running() == this && !walk.retainGraph()) {
      all[index] = SavedTensor.TAKEN;
      s.release();
    }
    return value;
  }

  @Override
  public boolean needs(int index) {
    return inputs[index].node() != null || (wanted != null && wanted[index]);
  }

  @Override
  public void keep(Object value) {
    kept = value;
  }

  @Override
  public <T> T kept(Class<T> type) {
    Object value = kept;
    if (value == null) {
      savedOrFreed();
      throw new FunctionContractException(
          ErrorKind.ARGUMENT,
          operation.name(),
          "backward asks for a value that forward did not keep");
    }
    return type.cast(value instanceof KeptElsewhere elsewhere ? elsewhere.fetch(this) : value);
  }

  @Override
  public void markDirty(Tensor input) {
    if (dirty == null) {
      dirty = new ArrayList<>(1);
    }
    InPlace.aboutToWrite(input);
    dirty.add(input);
  }

  @Override
  public void markNonDifferentiable(Tensor output) {
    if (nonDifferentiable == null) {
      nonDifferentiable = new ArrayList<>(1);
    }
    nonDifferentiable.add(output);
  }

  @Override
  public void materializeGrads(boolean materialize) {
    this.materialize = materialize;
  }

  @Override
  public Shape inputShape(int index) {
    return inputs[index].shape();
  }

  @Override
  public DType inputType(int index) {
    return inputs[index].dtype();
  }

  // --- after forward ---------------------------------------------------------------------------

  /// Links the only output, and lets the scope that is in force take over what was saved.
  Tensor recordedOne(ThreadState state, Tensor[] in, Tensor out) {
    if (dirty != null || nonDifferentiable != null || state.saving != null || saved.length > 1) {
      return recorded(state, in, out)[0];
    }
    Tensor y = out;
    if (contains(in, y)) {
      y = handedBack(in, y);
    }
    boolean carriesGrad = y.dtype().isFloating() && operation.differentiable();
    outputs = new Slot[] {new Slot(carriesGrad ? this : null, 0, y.shape(), y.dtype())};
    if (carriesGrad) {
      y.setHistory(this, 0);
    } else {
      y.lostHistory(in, cutOf(y));
    }
    if (saved.length > 0) {
      markIntermediates(in, out);
    }
    return y;
  }

  /// Returns an alias of an input that forward handed back: the caller's tensor must keep its own
  /// history.
  private Tensor handedBack(Tensor[] in, Tensor x) {
    Tensor y = x.alias(x.shape(), x.sharedStrides(), x.offset());
    y.viewMade(operation, in, true, false);
    return y;
  }

  /// Links the outputs, and lets the scope that is in force take over what was saved.
  Tensor[] recorded(ThreadState state, Tensor[] in, Tensor... out) {
    Tensor[] linked = link(in, out);
    SavingScope scope = state.saving;
    if (scope != null) {
      scope.recorded(this, in, linked);
    }
    return linked;
  }

  /// Replaces every saved value by what `taker` makes of it.
  void custody(UnaryOperator<SavedTensor> taker) {
    for (int i = 0; i < saved.length; i++) {
      SavedTensor before = saved[i];
      saved[i] = taker.apply(before);
      inCustody |= saved[i] != before;
    }
  }

  /// Hands the value that forward kept, if any, to `taker`, and keeps what that returns.
  void keptCustody(UnaryOperator<Object> taker) {
    Object value = kept;
    if (value != null) {
      kept = taker.apply(value);
      inCustody |= kept instanceof KeptElsewhere;
    }
  }

  /// Gives a node that stands for another run of its operation what that run left.
  void leave(SavedTensor[] saved, @Nullable Object kept) {
    this.saved = saved;
    this.kept = kept;
  }

  /// Returns what was saved, as it is.
  SavedTensor[] sharedSaved() {
    return saved;
  }

  @Nullable Object sharedKept() {
    return kept;
  }

  /// Puts one saved value into the care of hooks.
  void hookSaved(int index, PackHooks<?> hooks) {
    SavedTensor s = savedOrFreed()[index];
    if (s.isAbsent()) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          name() + ": saved value " + index + " is null, and cannot have hooks");
    }
    PackedTensor packed = s.packedOrNull();
    if (packed != null && packed.source().isForGood()) {
      throw new AutogradException(
          ErrorKind.SAVED_HOOKS_TWICE,
          name() + ": the hooks of saved tensor " + index + " have been set already");
    }
    if (packed == null) {
      s.unpack(this);
    }
    saved[index] = hooks.packed(s, this);
    inCustody = true;
  }

  /// Gives the outputs of forward their history.
  Tensor[] link(Tensor[] in, Tensor... out) {
    return link(true, in, out);
  }

  /// Takes note of the outputs of a forward that is not recorded, and whose context somebody wants.
  Tensor[] linkWithoutHistory(Tensor[] in, Tensor... out) {
    return link(false, in, out);
  }

  private Tensor[] link(boolean recorded, Tensor[] in, Tensor[] out) {
    Tensor[] linked = out.clone();
    outputs = new Slot[out.length];
    checkDirtyReturned(out);
    for (int i = 0; i < out.length; i++) {
      Tensor y = out[i];
      if (isDirty(y)) {
        y.sharedStorage().bumpVersion(operation.name());
        saveAgain(y);
      } else if (contains(in, y)) {
        y = handedBack(in, y);
        linked[i] = y;
      }
      boolean carriesGrad =
          y.dtype().isFloating()
              && operation.differentiable()
              && (nonDifferentiable == null || !nonDifferentiable.contains(y));
      outputs[i] = new Slot(carriesGrad ? this : null, i, y.shape(), y.dtype());
      if (carriesGrad && recorded) {
        Tensor base = y.base();
        y.setHistory(this, i);
        if (base != null && isDirty(y)) {
          InPlace.rebase(y, base);
        }
      } else if (recorded) {
        y.lostHistory(in, cutOf(y));
      }
    }
    dirty = null;
    nonDifferentiable = null;
    if (recorded && saved.length > 0) {
      markIntermediates(in, out);
    }
    return linked;
  }

  /// Makes sure that no second derivative passes by intermediate values of forward. See Note
  /// [Derivatives that are not there] in [Undifferentiable].
  private void markIntermediates(Tensor[] in, Tensor... out) {
    for (int i = 0; i < saved.length; i++) {
      Tensor value = saved[i].tensorOrNull();
      if (value == null
          || contains(in, value)
          || contains(out, value)
          || !value.dtype().isFloating()
          || value.isDeclaredConstant()
          || !isMadeByForward(value, in)
          || value.requiresGrad()) {
        continue;
      }
      List<Slot> ends = Arrays.stream(inputs).filter(x -> x.node() != null).toList();
      FunctionNode end = new FunctionNode(Undifferentiable.intermediate(operation, value, i), ends);
      end.outputs = new Slot[] {new Slot(end, 0, value.shape(), value.dtype())};
      saved[i] = saved[i].endingAt(value, end);
    }
  }

  /// Tells whether forward made a value, rather than got it from elsewhere as a constant.
  private boolean isMadeByForward(Tensor value, Tensor[] in) {
    Storage storage = value.sharedStorage();
    if (storage.isMadeAfterLow(madeBefore)) {
      return true;
    }
    for (Tensor x : in) {
      if (x.sharedStorage() == storage) {
        return true;
      }
    }
    return false;
  }

  private Cut cutOf(Tensor y) {
    return Cut.by(
        operation,
        !operation.differentiable()
            ? Cut.Reason.NOT_DIFFERENTIABLE
            : y.dtype().isFloating() ? Cut.Reason.MARKED : Cut.Reason.NOT_FLOATING);
  }

  /// Takes the version after the write for the saved one: what forward saved of a dirty tensor is
  /// its new value.
  private void saveAgain(Tensor written) {
    for (int i = 0; i < saved.length; i++) {
      if (saved[i].isIn(written.sharedStorage())) {
        saved[i] = saved[i].again();
      }
    }
  }

  private boolean isDirty(Tensor t) {
    return dirty != null && dirty.contains(t);
  }

  private void checkDirtyReturned(Tensor[] out) {
    if (dirty == null) {
      return;
    }
    for (Tensor d : dirty) {
      if (!contains(out, d)) {
        throw new FunctionContractException(
            ErrorKind.DIRTY_NOT_RETURNED,
            operation.name(),
            "an input marked dirty must be returned by forward, the one of shape "
                + d.shape()
                + " is not");
      }
      WriteChecks.check(d, operation.name());
    }
  }

  private static boolean contains(Tensor[] all, Tensor t) {
    for (Tensor each : all) {
      if (each == t) {
        return true;
      }
    }
    return false;
  }

  /// Replaces `original`, about to be overwritten, by a copy among the saved values.
  void saveCopyOf(Tensor original) {
    Tensor copy = null;
    for (int i = 0; i < saved.length; i++) {
      if (saved[i].holds(original)) {
        if (copy == null) {
          copy = original.copyWithHistory();
        }
        saved[i] = new SavedTensor(copy);
      }
    }
  }

  /// Replaces `output`, about to be cut off from here, by an alias that is not.
  void keepHistoryOf(Tensor output) {
    for (int i = 0; i < saved.length; i++) {
      if (saved[i].holds(output)) {
        Tensor alias = output.detach();
        alias.setHistory(this, output.outputNr());
        saved[i] = new SavedTensor(alias);
      }
    }
  }

  // --- backward --------------------------------------------------------------------------------

  @Override
  @Nullable Tensor[] evaluate(@Nullable Tensor[] g, BackwardCall call) {
    @Nullable Tensor[] grads;
    boolean once = call.createGraph() && operation.onceDifferentiable();
    try (var _ = GradMode.setEnabled(call.createGraph() && !once)) {
      grads =
          switch (operation) {
            case Function f -> {
              Tensor only = g[0];
              // Without an incoming gradient the inputs have none either.
              yield only == null ? new Tensor[inputs.length] : f.backward(this, only);
            }
            case MultiFunction f -> f.backward(this, materialize ? materialized(g) : g);
          };
      grads = checked(grads);
    }
    return once ? ending(grads, g) : grads;
  }

  /// Makes sure that no derivative is taken of gradients that were not recorded. See Note
  /// [Derivatives that are not there] in [Undifferentiable].
  private @Nullable Tensor[] ending(@Nullable Tensor[] grads, @Nullable Tensor[] g) {
    List<Slot> ends = new ArrayList<>();
    for (Tensor seed : g) {
      if (seed != null && seed.requiresGrad()) {
        ends.add(Slot.of(seed));
      }
    }
    for (SavedTensor s : saved) {
      Edge edge = s.edge();
      if (edge != null) {
        ends.add(edge.node().slot(edge.outputNr()));
      }
    }
    @Nullable Tensor[] ended = grads.clone();
    for (int i = 0; i < ended.length && !ends.isEmpty(); i++) {
      Tensor grad = ended[i];
      if (grad != null) {
        FunctionNode end = new FunctionNode(Undifferentiable.again(operation), ends);
        ended[i] = end.link(new Tensor[0], grad.detach())[0];
      }
    }
    return ended;
  }

  /// Tells whether output `index` can have gradients and tangents.
  boolean carriesGrad(int index) {
    return outputs[index].node() != null;
  }

  /// Returns zeros for output `index` to be differentiated by, or `null` if it has no gradient.
  @Nullable Tensor outputZeros(int index) {
    Slot y = outputs[index];
    return y.node() != null ? Tensor.zeros(y.shape(), y.dtype()) : null;
  }

  private @Nullable Tensor[] materialized(@Nullable Tensor[] g) {
    @Nullable Tensor[] all = g.clone();
    for (int i = 0; i < all.length; i++) {
      if (all[i] == null && outputs[i].dtype().isFloating()) {
        all[i] = Tensor.zeros(outputs[i].shape(), outputs[i].dtype());
      }
    }
    return all;
  }

  /// Holds the returned gradients against the inputs: count, shape, type. See behaviours E05-E08.
  private @Nullable Tensor[] checked(@Nullable Tensor @Nullable [] grads) {
    int n = inputs.length;
    if (grads == null) {
      throw new FunctionContractException(
          ErrorKind.BAD_GRAD_COUNT,
          operation.name(),
          "backward returned null instead of an array of " + n + " gradients");
    }
    for (int i = n; i < grads.length; i++) {
      if (grads[i] != null) {
        throw badCount(grads.length);
      }
    }
    if (grads.length < n) {
      throw badCount(grads.length);
    }
    for (int i = 0; i < n; i++) {
      Tensor grad = grads[i];
      if (grad == null || !needs(i)) {
        continue;
      }
      Shape want = inputs[i].shape();
      if (!grad.shape().equals(want)) {
        if (!want.broadcastsTo(grad.shape())) {
          throw new FunctionContractException(
              ErrorKind.BAD_GRAD_SHAPE,
              operation.name(),
              "backward returned a gradient of shape "
                  + grad.shape()
                  + " for input "
                  + i
                  + ", which has shape "
                  + want);
        }
        grad = Tensor.operations().sumTo(grad, want);
      }
      grads[i] =
          inputs[i].node() instanceof AccumulateGrad leaf
              ? leaf.cast(grad)
              : grad.to(inputs[i].dtype());
    }
    return grads;
  }

  private FunctionContractException badCount(int got) {
    return new FunctionContractException(
        ErrorKind.BAD_GRAD_COUNT,
        operation.name(),
        "backward must return one gradient for each input (null where there is none), expected "
            + inputs.length
            + ", got "
            + got);
  }

  @Override
  void free(BackwardCall call) {
    if (saved.length > 0 || kept != null) {
      SavedTensor[] all = saved;
      Object value = kept;
      freedBy = call;
      saved = FREED;
      kept = null;
      if (inCustody) {
        for (SavedTensor s : all) {
          s.release();
        }
        if (value instanceof KeptElsewhere elsewhere) {
          elsewhere.release();
        }
      }
    }
  }

  private SavedTensor[] savedOrFreed() {
    SavedTensor[] all = saved;
    if (all == FREED) {
      BackwardCall by = freedBy;
      throw new AutogradException(
          ErrorKind.GRAPH_FREED,
          name()
              + ": its saved values were freed by an earlier backward"
              + (by == null ? "" : " (walk " + by.id() + ")")
              + ". Detach what is carried over from an earlier iteration; only if the same graph"
              + " must be walked again, pass retainGraph to the earlier call.");
    }
    return all;
  }
}
