package dev.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The trace of one application of an [Operation]: its edges, and what it saved.
///
/// # Note [Lean nodes]
///
/// A model of small tensors makes more of these than of anything else, and what it costs is their
/// memory. So nearly every node is this one object: the slots of two inputs, the type of the first
/// output, whose slot the node is itself, and what was saved. Whatever few of them have is in
/// [ForwardNotes], or in the [Node.Extras] that somebody asked for after forward.
public final class FunctionNode extends Node implements Context {

  /// Has a value that forward kept.
  interface KeptElsewhere {
    Object fetch(FunctionNode keeper);

    void release();
  }

  private final Operation operation;

  /// The first two inputs, `null` where there are fewer.
  private final @Nullable Slot first;

  private final @Nullable Slot second;

  /// What the first output is like; `null` before forward has returned one.
  private @Nullable TensorType type;

  /// Values that are gone are replaced by one write, so that a walk on another thread sees either
  /// all of them or that.
  private SavedValues saved = SavedValues.NONE;

  private @Nullable ForwardNotes notes;

  FunctionNode(Operation operation, Tensor[] in, long sequenceNumber) {
    super(sequenceNumber);
    if (AnomalyMode.isEnabled()) {
      extras().place = AnomalyMode.placeIfOn();
    }
    this.operation = operation;
    this.first = in.length > 0 ? in[0].gradientSlot() : null;
    this.second = in.length > 1 ? in[1].gradientSlot() : null;
    if (in.length > 2) {
      Slot[] others = new Slot[in.length - 2];
      for (int i = 0; i < others.length; i++) {
        others[i] = in[i + 2].gradientSlot();
      }
      notes().inputs = others;
    }
  }

  /// Makes the node of an operation whose derivatives are wanted by inputs without an edge too.
  FunctionNode(Operation operation, Tensor[] in, long sequenceNumber, boolean[] wanted) {
    this(operation, in, sequenceNumber);
    notes().wanted = wanted;
  }

  /// Makes the node of an operation that was never run and leads to `ends`.
  FunctionNode(Undifferentiable operation, List<Slot> ends) {
    super(ThreadState.current().nextSequenceNumber++);
    this.operation = operation;
    int n = ends.size();
    this.first = n > 0 ? ends.get(0) : null;
    this.second = n > 1 ? ends.get(1) : null;
    if (n > 2) {
      notes().inputs = ends.subList(2, n).toArray(new Slot[0]);
    }
  }

  private ForwardNotes notes() {
    ForwardNotes known = notes;
    if (known == null) {
      known = new ForwardNotes();
      notes = known;
    }
    return known;
  }

  /// Returns what there is to remember, or `null` nearly always.
  @Nullable ForwardNotes notesOrNull() {
    return notes;
  }

  @Override
  public String name() {
    return operation.nodeName();
  }

  /// Returns the operation that was applied.
  public Operation operation() {
    return operation;
  }

  // --- edges -----------------------------------------------------------------------------------

  @Override
  public int inputCount() {
    if (second != null) {
      ForwardNotes n = notes;
      return n == null ? 2 : 2 + n.inputs.length;
    }
    return first == null ? 0 : 1;
  }

  /// Returns what is known of an input.
  Slot input(int index) {
    Slot slot = index == 0 ? first : index == 1 ? second : null;
    return slot != null ? slot : inputBehind(index);
  }

  private Slot inputBehind(int index) {
    ForwardNotes n = notes;
    if (index < 2 || n == null || index - 2 >= n.inputs.length) {
      throw new IndexOutOfBoundsException(
          name() + ": has " + inputCount() + " inputs, asked for number " + index);
    }
    return n.inputs[index - 2];
  }

  @Override
  @Nullable Node nextNode(int index) {
    return input(index).node();
  }

  @Override
  int nextOutputNr(int index) {
    return input(index).outputNr();
  }

  @Override
  int outputCount() {
    if (type == null) {
      return 0;
    }
    ForwardNotes n = notes;
    return n == null ? 1 : 1 + n.outputs.length;
  }

  @Override
  Slot slot(int outputNr) {
    ForwardNotes n = notes;
    if (outputNr == 0) {
      return n != null && n.firstHasNone ? outputType() : this;
    }
    if (n == null) {
      throw new IndexOutOfBoundsException(name() + ": has no output " + outputNr);
    }
    return n.outputs[outputNr - 1];
  }

  private TensorType outputType() {
    TensorType known = type;
    if (known == null) {
      throw new IndexOutOfBoundsException(name() + ": has no output yet");
    }
    return known;
  }

  @Override
  Shape shape() {
    return outputType().shape();
  }

  @Override
  DType dtype() {
    return outputType().dtype();
  }

  /// Takes note of the only output.
  void onlyOutput(TensorType of, boolean carriesGrad) {
    type = of;
    if (!carriesGrad) {
      notes().firstHasNone = true;
    }
  }

  /// Makes room for the outputs, of which [#output] takes note.
  void outputs(int count) {
    type = null;
    if (count > 1) {
      notes().outputs = new Slot[count - 1];
    }
  }

  /// Takes note of one of the outputs.
  void output(int index, TensorType of, boolean carriesGrad) {
    if (index == 0) {
      onlyOutput(of, carriesGrad);
    } else {
      notes().outputs[index - 1] = carriesGrad ? new OutputSlot(this, index, of) : of;
    }
  }

  /// Tells whether output `index` can have gradients and tangents.
  boolean carriesGrad(int index) {
    return slot(index).node() != null;
  }

  /// Returns zeros for output `index` to be differentiated by, or `null` if it has no gradient.
  @Nullable Tensor outputZeros(int index) {
    Slot y = slot(index);
    return y.node() != null ? Tensor.zeros(y.shape(), y.dtype()) : null;
  }

  // --- Context ---------------------------------------------------------------------------------

  @Override
  public void save(@Nullable Tensor... tensors) {
    if (saved.count() > 0) {
      throw new FunctionContractException(
          ErrorKind.ARGUMENT, operation.name(), "save may be called once; pass all tensors to it");
    }
    ForwardNotes n = notes;
    SavedValues values = SavedValues.of(tensors);
    saved = n != null && n.clearOnAccess ? several(values) : values;
  }

  @Override
  public Tensor saved(int index) {
    SavedValues all = savedOrFreed();
    if (index < 0 || index >= all.count()) {
      throw new FunctionContractException(
          ErrorKind.ARGUMENT,
          operation.name(),
          "backward asks for saved tensor " + index + ", forward saved " + all.count());
    }
    ForwardNotes n = notes;
    return n != null && n.clearOnAccess ? takeOut(all, index) : all.at(index).unpack(this);
  }

  @Override
  public @Nullable Tensor savedOrNull(int index) {
    SavedValues all = savedOrFreed();
    return index >= 0 && index < all.count() && all.at(index).isAbsent() ? null : saved(index);
  }

  @Override
  public void clearSavedOnAccess() {
    notes().clearOnAccess = true;
    saved = several(saved);
  }

  /// Returns values of which single ones can be taken out, whatever becomes of the node meanwhile.
  private static SavedValues several(SavedValues values) {
    return values instanceof SavedTensor one ? new SavedValues.Several(one) : values;
  }

  /// Reads a saved value for the last time, if this walk is the last one.
  private Tensor takeOut(SavedValues all, int index) {
    SavedTensor s = all.at(index);
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
      all.with(index, SavedTensor.TAKEN);
      s.release();
    }
    return value;
  }

  @Override
  public boolean needs(int index) {
    if (input(index).node() != null) {
      return true;
    }
    ForwardNotes n = notes;
    return n != null && n.wanted != null && n.wanted[index];
  }

  @Override
  public void keep(Object value) {
    notes().kept = value;
  }

  @Override
  public <T> T kept(Class<T> type) {
    Object value = sharedKept();
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
    ForwardNotes n = notes();
    if (n.dirty == null) {
      n.dirty = new ArrayList<>(1);
    }
    InPlace.aboutToWrite(input);
    n.dirty.add(input);
  }

  @Override
  public void markNonDifferentiable(Tensor output) {
    ForwardNotes n = notes();
    if (n.nonDifferentiable == null) {
      n.nonDifferentiable = new ArrayList<>(1);
    }
    n.nonDifferentiable.add(output);
  }

  @Override
  public void materializeGrads(boolean materialize) {
    notes().unusedIsNull = !materialize;
  }

  @Override
  public Shape inputShape(int index) {
    return input(index).shape();
  }

  @Override
  public DType inputType(int index) {
    return input(index).dtype();
  }

  // --- what was saved --------------------------------------------------------------------------

  /// Returns the tensors that were saved for backward, in the order in which they were saved.
  ///
  /// @throws AutogradException (`GRAPH_FREED`) if an earlier backward freed them,
  ///   (`VERSION_MISMATCH`) if one of them was written in place since
  public List<@Nullable Tensor> savedValues() {
    SavedValues all = savedOrFreed();
    List<@Nullable Tensor> values = new ArrayList<>(all.count());
    for (int i = 0; i < all.count(); i++) {
      values.add(all.at(i).value(this));
    }
    return values;
  }

  /// Returns handles of the tensors that were saved for backward, in the order in which they were
  /// saved.
  ///
  /// @throws AutogradException (`GRAPH_FREED`) if an earlier backward freed them
  public List<SavedTensorHandle> savedTensors() {
    int n = savedOrFreed().count();
    List<SavedTensorHandle> handles = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      handles.add(new SavedTensorHandle(this, i));
    }
    return handles;
  }

  /// Shows the tensors that are saved here in memory; none once they were freed.
  void eachSavedTensor(Consumer<Tensor> visitor) {
    SavedValues all = saved;
    for (int i = 0; i < all.count(); i++) {
      Tensor tensor = all.at(i).tensorOrNull();
      if (tensor != null) {
        visitor.accept(tensor);
      }
    }
  }

  /// Returns what was saved, as it is.
  SavedValues sharedSaved() {
    return saved;
  }

  @Nullable Object sharedKept() {
    ForwardNotes n = notes;
    return n == null ? null : n.kept;
  }

  /// Replaces every saved value by what `change` makes of it.
  void changeSaved(UnaryOperator<SavedTensor> change) {
    for (int i = 0; i < saved.count(); i++) {
      SavedTensor before = saved.at(i);
      SavedTensor after = change.apply(before);
      if (after != before) {
        saved = saved.with(i, after);
      }
    }
  }

  /// Replaces one saved value.
  void replaceSaved(int index, SavedTensor value) {
    saved = saved.with(index, value);
  }

  /// Replaces every saved value by what `taker` makes of it, who has it in custody then.
  void custody(UnaryOperator<SavedTensor> taker) {
    changeSaved(
        before -> {
          SavedTensor after = taker.apply(before);
          if (after != before) {
            notes().inCustody = true;
          }
          return after;
        });
  }

  /// Hands the value that forward kept, if any, to `taker`, and keeps what that returns.
  void keptCustody(UnaryOperator<Object> taker) {
    ForwardNotes n = notes;
    if (n != null && n.kept != null) {
      n.kept = taker.apply(n.kept);
      n.inCustody |= n.kept instanceof KeptElsewhere;
    }
  }

  /// Gives a node that stands for another run of its operation what that run left.
  void leave(SavedTensor[] values, @Nullable Object kept) {
    saved = values.length == 1 ? values[0] : new SavedValues.Several(values);
    if (kept != null) {
      keep(kept);
    }
  }

  /// Puts one saved value into the care of hooks.
  void hookSaved(int index, PackHooks<?> hooks) {
    SavedTensor s = savedOrFreed().at(index);
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
    replaceSaved(index, hooks.packed(s, this));
    notes().inCustody = true;
  }

  /// Replaces `original`, about to be overwritten, by a copy among the saved values.
  void saveCopyOf(Tensor original) {
    Tensor copy = null;
    for (int i = 0; i < saved.count(); i++) {
      if (saved.at(i).holds(original)) {
        if (copy == null) {
          copy = original.copyWithHistory();
        }
        replaceSaved(i, new SavedTensor(copy));
      }
    }
  }

  /// Replaces `output`, about to be cut off from here, by an alias that is not.
  void keepHistoryOf(Tensor output) {
    changeSaved(
        s -> {
          if (!s.holds(output)) {
            return s;
          }
          Tensor alias = output.detach();
          alias.setHistory(slot(output.outputNr()));
          return new SavedTensor(alias);
        });
  }

  @Override
  void free(BackwardCall call) {
    SavedValues all = saved;
    ForwardNotes n = notes;
    Object value = n == null ? null : n.kept;
    if (all.count() == 0 && value == null) {
      return;
    }
    saved = call.freed();
    if (n != null) {
      n.kept = null;
      if (n.inCustody) {
        for (int i = 0; i < all.count(); i++) {
          all.at(i).release();
        }
        if (value instanceof KeptElsewhere elsewhere) {
          elsewhere.release();
        }
      }
    }
  }

  private SavedValues savedOrFreed() {
    SavedValues all = saved;
    if (all instanceof SavedValues.Freed freed) {
      throw new AutogradException(
          ErrorKind.GRAPH_FREED,
          name()
              + ": its saved values were freed by an earlier backward (walk "
              + freed.walk()
              + "). Detach what is carried over from an earlier iteration; only if the same graph"
              + " must be walked again, pass retainGraph to the earlier call.");
    }
    return all;
  }

  // --- backward --------------------------------------------------------------------------------

  @Override
  @Nullable Tensor[] evaluate(@Nullable Tensor[] g, BackwardCall call) {
    return switch (operation) {
      case Function f -> evaluate(f, g[0], call);
      case MultiFunction f -> evaluate(f, g, call);
    };
  }

  /// Turns the gradient of the only output into those of the inputs.
  @Nullable Tensor[] evaluate(Function f, @Nullable Tensor g, BackwardCall call) {
    if (g == null) {
      // Without an incoming gradient the inputs have none either.
      return new Tensor[inputCount()];
    }
    boolean once = call.createGraph() && f.onceDifferentiable();
    @Nullable Tensor[] grads;
    try (var _ = GradMode.setEnabled(call.state(), call.createGraph() && !once)) {
      grads = ReturnedGradients.checked(this, f.backward(this, g));
    }
    return once ? ReturnedGradients.ending(this, grads, g) : grads;
  }

  private @Nullable Tensor[] evaluate(MultiFunction f, @Nullable Tensor[] g, BackwardCall call) {
    boolean once = call.createGraph() && f.onceDifferentiable();
    @Nullable Tensor[] grads;
    try (var _ = GradMode.setEnabled(call.state(), call.createGraph() && !once)) {
      boolean asNull = notes != null && notes.unusedIsNull;
      grads = ReturnedGradients.checked(this, f.backward(this, asNull ? g : materialized(g)));
    }
    return once ? ReturnedGradients.ending(this, grads, g) : grads;
  }

  private @Nullable Tensor[] materialized(@Nullable Tensor[] g) {
    @Nullable Tensor[] all = g.clone();
    for (int i = 0; i < all.length; i++) {
      if (all[i] == null && outputType(i).isFloating()) {
        all[i] = Tensor.zeros(outputShape(i), outputType(i));
      }
    }
    return all;
  }
}
