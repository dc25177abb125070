package dev.autograd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives what a forward returned its place in the graph.
final class Recording {
  private Recording() {}

  /// Links the only output, and lets the scope that is in force take over what was saved.
  ///
  /// @param madeBefore how many storages there were before forward ran
  static Tensor recordedOne(
      FunctionNode node, ThreadState state, long madeBefore, Tensor[] in, Tensor out) {
    ForwardNotes notes = node.notesOrNull();
    SavedValues saved = node.sharedSaved();
    if (state.saving != null
        || (notes != null && (notes.dirty != null || notes.nonDifferentiable != null))) {
      return recorded(node, state, madeBefore, in, out)[0];
    }
    Tensor y = contains(in, out) ? handedBack(node, in, out) : out;
    boolean carriesGrad = y.dtype().isFloating() && node.operation().differentiable();
    node.onlyOutput(TensorType.of(y), carriesGrad);
    if (carriesGrad) {
      y.setHistory(node);
      follow(node, y);
    } else {
      y.lostHistory(in, cutOf(node, y));
    }
    for (int i = 0; i < saved.count(); i++) {
      Tensor value = saved.at(i).tensorOrNull();
      if (value != null && value != out && isIntermediate(value, madeBefore, in)) {
        markIntermediate(node, i, value);
      }
    }
    return y;
  }

  /// Links the outputs, and lets the scope that is in force take over what was saved.
  ///
  /// @param madeBefore how many storages there were before forward ran
  static Tensor[] recorded(
      FunctionNode node, ThreadState state, long madeBefore, Tensor[] in, Tensor... out) {
    Tensor[] linked = link(node, true, madeBefore, in, out);
    SavingScope scope = state.saving;
    if (scope != null) {
      scope.recorded(node, in, linked);
    }
    return linked;
  }

  /// Gives outputs that no forward made their history.
  static Tensor[] link(FunctionNode node, Tensor[] in, Tensor... out) {
    return link(node, true, Storage.made(), in, out);
  }

  /// Gives the outputs of forward their history, or only takes note of them for somebody who wants
  /// the context of a forward that is not recorded.
  static Tensor[] link(
      FunctionNode node, boolean recorded, long madeBefore, Tensor[] in, Tensor... out) {
    Tensor[] linked = out.clone();
    node.outputs(out.length);
    ForwardNotes notes = node.notesOrNull();
    if (notes != null) {
      checkDirtyReturned(node.operation(), notes, out);
    }
    for (int i = 0; i < out.length; i++) {
      Tensor y = out[i];
      boolean dirty = notes != null && notes.isDirty(y);
      if (dirty) {
        y.sharedStorage().bumpVersion(node.operation().name());
        saveAgain(node, y);
      } else if (contains(in, y)) {
        y = handedBack(node, in, y);
        linked[i] = y;
      }
      boolean carriesGrad =
          y.dtype().isFloating()
              && node.operation().differentiable()
              && !(notes != null && notes.isNonDifferentiable(y));
      node.output(i, TensorType.of(y), carriesGrad);
      if (carriesGrad && recorded) {
        Tensor base = y.base();
        y.setHistory(node.slot(i));
        follow(node, y);
        if (base != null && dirty) {
          InPlace.rebase(y, base);
        }
      } else if (recorded) {
        y.lostHistory(in, cutOf(node, y));
      }
    }
    if (notes != null) {
      notes.dirty = null;
      notes.nonDifferentiable = null;
    }
    if (recorded) {
      markIntermediates(node, madeBefore, in, out);
    }
    return linked;
  }

  private static void follow(FunctionNode node, Tensor y) {
    if (node.forwardPlace() != null) {
      LiveTensors.add(y);
    }
  }

  /// Returns an alias of an input that forward handed back: the caller's tensor must keep its own
  /// history.
  private static Tensor handedBack(FunctionNode node, Tensor[] in, Tensor x) {
    Tensor y = x.alias(x.shape(), x.sharedStrides(), x.offset());
    y.viewMade(node.operation(), in, true, false);
    return y;
  }

  private static Cut cutOf(FunctionNode node, Tensor y) {
    Operation operation = node.operation();
    return Cut.by(
        operation,
        !operation.differentiable()
            ? Cut.Reason.NOT_DIFFERENTIABLE
            : y.dtype().isFloating() ? Cut.Reason.MARKED : Cut.Reason.NOT_FLOATING);
  }

  /// Makes sure that no second derivative passes by intermediate values of forward. See Note
  /// [Derivatives that are not there] in [Undifferentiable].
  private static void markIntermediates(
      FunctionNode node, long madeBefore, Tensor[] in, Tensor[] out) {
    SavedValues saved = node.sharedSaved();
    for (int i = 0; i < saved.count(); i++) {
      Tensor value = saved.at(i).tensorOrNull();
      if (value != null && !contains(out, value) && isIntermediate(value, madeBefore, in)) {
        markIntermediate(node, i, value);
      }
    }
  }

  private static void markIntermediate(FunctionNode node, int index, Tensor value) {
    List<Slot> ends = new ArrayList<>();
    for (int k = 0; k < node.inputCount(); k++) {
      if (node.input(k).node() != null) {
        ends.add(node.input(k));
      }
    }
    Undifferentiable error = Undifferentiable.intermediate(node.operation(), value, index);
    FunctionNode end = new FunctionNode(error, ends);
    end.onlyOutput(TensorType.of(value), true);
    node.replaceSaved(index, node.sharedSaved().at(index).endingAt(value, end));
  }

  /// Tells whether a saved value that is no output came about in forward: it is no input either,
  /// has no history and is no declared constant.
  private static boolean isIntermediate(Tensor value, long madeBefore, Tensor[] in) {
    return !contains(in, value)
        && value.dtype().isFloating()
        && !value.isDeclaredConstant()
        && isMadeByForward(value, madeBefore, in)
        && !value.requiresGrad();
  }

  /// Tells whether forward made a value, rather than got it from elsewhere as a constant.
  private static boolean isMadeByForward(Tensor value, long madeBefore, Tensor[] in) {
    Storage storage = value.sharedStorage();
    if (storage.isMadeAfter(madeBefore)) {
      return true;
    }
    for (Tensor x : in) {
      if (x.sharedStorage() == storage) {
        return true;
      }
    }
    return false;
  }

  /// Takes the version after the write for the saved one: what forward saved of a dirty tensor is
  /// its new value.
  private static void saveAgain(FunctionNode node, Tensor written) {
    Storage storage = written.sharedStorage();
    node.changeSaved(s -> s.isIn(storage) ? s.again() : s);
  }

  private static void checkDirtyReturned(Operation operation, ForwardNotes notes, Tensor[] out) {
    List<Tensor> dirty = notes.dirty;
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

  private static boolean contains(Tensor[] all, @Nullable Tensor t) {
    for (Tensor each : all) {
      if (each == t) {
        return true;
      }
    }
    return false;
  }
}
