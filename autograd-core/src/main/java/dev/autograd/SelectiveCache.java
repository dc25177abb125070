package dev.autograd;

import dev.autograd.spi.Interceptor;
import dev.autograd.spi.OpCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The results that a selective checkpoint keeps, in the order of the operations that gave them.
///
/// What an operation saved of its inputs is not kept: the second run has the inputs when it comes
/// to the operation. See Note [The second run] in [CheckpointFrame].
final class SelectiveCache {
  private static final int OTHER = Integer.MIN_VALUE;

  /// The results of one operation, and what it takes to make a node like the one it left.
  ///
  /// @param saved what the node saved, as it was; `null` if nothing was recorded
  /// @param source for each saved value the input it was, `−1 − i` for output `i`, or [#OTHER]
  private record Entry(
      Operation operation,
      Tensor[] out,
      int[] versions,
      SavedTensor @Nullable [] saved,
      int[] source,
      @Nullable Object kept) {}

  private final CheckpointPolicy.Rule rule;

  /// An entry is `null` where an operation is run again in spite of the rule.
  private @Nullable List<@Nullable Entry> entries = new ArrayList<>();

  /// The inputs of the operation that runs now, if its results are kept.
  private Tensor @Nullable [] keeping;

  private @Nullable Entry made;

  SelectiveCache(CheckpointPolicy.Rule rule) {
    this.rule = rule;
  }

  // --- the first run ---------------------------------------------------------------------------

  Interceptor recorder() {
    return call -> {
      List<@Nullable Entry> all = entries;
      if (all == null || !rule.of(call).saves()) {
        return call.proceed();
      }
      keeping = call.inputs();
      made = null;
      try {
        Tensor[] out = call.proceed();
        Entry entry = made;
        if (entry != null && !Arrays.equals(entry.out, out)) {
          throw new AutogradException(
              ErrorKind.CHECKPOINT_SELECTIVE,
              "checkpoint: results of "
                  + call.operation().name()
                  + " cannot be kept, since an interceptor outside of the checkpoint replaces them."
                  + " Use a checkpoint that is not selective.");
        }
        boolean recorded = Arrays.stream(out).anyMatch(Tensor::requiresGrad);
        if (entry == null && !recorded && ownsMemory(call.inputs(), out)) {
          entry = new Entry(call.operation(), out, versions(out), null, new int[0], null);
        }
        all.add(entry);
        return out;
      } finally {
        keeping = null;
      }
    };
  }

  /// Keeps the results of `node`, if they are to be kept; returns whether it did.
  ///
  /// @param slot takes the inputs that were saved into custody
  boolean keep(FunctionNode node, Tensor[] in, Tensor[] out, UnaryOperator<SavedTensor> slot) {
    if (in != keeping || !ownsMemory(in, out)) {
      return false;
    }
    SavedTensor[] saved = node.sharedSaved().toArray();
    int[] source = new int[saved.length];
    for (int i = 0; i < source.length; i++) {
      Tensor value = saved[i].tensorOrNull();
      int input = indexOf(in, value);
      int output = indexOf(out, value);
      source[i] = input >= 0 ? input : output >= 0 ? -1 - output : OTHER;
    }
    made = new Entry(node.operation(), out, versions(out), saved, source, node.sharedKept());
    node.custody(s -> indexOf(in, s.tensorOrNull()) >= 0 ? slot.apply(s) : s);
    return true;
  }

  private static int indexOf(Tensor[] all, @Nullable Tensor t) {
    for (int i = 0; i < all.length; i++) {
      if (all[i] == t) {
        return i;
      }
    }
    return -1;
  }

  private static boolean ownsMemory(Tensor[] in, Tensor[] out) {
    for (Tensor y : out) {
      for (Tensor x : in) {
        if (x.sharedStorage() == y.sharedStorage()) {
          return false;
        }
      }
    }
    return true;
  }

  private static int[] versions(Tensor[] all) {
    return Arrays.stream(all).mapToInt(t -> t.sharedStorage().version()).toArray();
  }

  // --- the second ------------------------------------------------------------------------------

  /// Returns what gives the kept results in the second run.
  ///
  /// @param lastTime whether nobody is to get them after this
  Interceptor replayer(CheckpointFrame.Recomputation run, boolean lastTime) {
    List<@Nullable Entry> all = take(lastTime);
    int[] next = {0};
    return call -> {
      if (!rule.of(call).saves()) {
        return call.proceed();
      }
      int index = next[0]++;
      Entry entry = index < all.size() ? all.get(index) : null;
      if (index >= all.size() || (entry != null && !entry.operation.equals(call.operation()))) {
        throw new AutogradException(
            ErrorKind.CHECKPOINT_MISMATCH,
            "checkpoint: the second run of the function must apply the operations that the first"
                + " one did, but the one number "
                + index
                + " among those whose results are kept is now "
                + call.operation().name()
                + (entry == null ? "" : " and was " + entry.operation.name()));
      }
      return entry == null ? call.proceed() : replay(entry, call, run);
    };
  }

  private synchronized List<@Nullable Entry> take(boolean lastTime) {
    List<@Nullable Entry> all = entries;
    if (all == null) {
      throw new AutogradException(
          ErrorKind.CHECKPOINT_SELECTIVE,
          "checkpoint: the results that a selective checkpoint kept serve one backward, and one"
              + " came before. Use a plain checkpoint where there are several.");
    }
    if (lastTime) {
      entries = null;
    }
    return all;
  }

  private static Tensor[] replay(Entry entry, OpCall call, CheckpointFrame.Recomputation run) {
    Tensor[] out = new Tensor[entry.out.length];
    for (int i = 0; i < out.length; i++) {
      Tensor kept = entry.out[i];
      if (kept.sharedStorage().version() != entry.versions[i]) {
        throw new AutogradException(
            ErrorKind.CHECKPOINT_SELECTIVE,
            "checkpoint: output "
                + i
                + " of "
                + entry.operation.name()
                + ", of shape "
                + kept.shape()
                + ", was kept and written in place since. Clone it before the write.");
      }
      out[i] = kept.detach();
    }
    SavedTensor[] was = entry.saved;
    if (was == null) {
      return out;
    }
    Tensor[] in = call.inputs();
    SavedTensor[] saved = new SavedTensor[was.length];
    for (int i = 0; i < saved.length; i++) {
      int source = entry.source[i];
      saved[i] =
          source == OTHER ? was[i] : new SavedTensor(source >= 0 ? in[source] : out[-1 - source]);
    }
    long number = ThreadState.current().nextSequenceNumber++;
    FunctionNode node = new FunctionNode(entry.operation, in, number);
    node.leave(saved, entry.kept);
    for (int i = 0; i < out.length; i++) {
      if (!entry.out[i].requiresGrad()) {
        node.markNonDifferentiable(out[i]);
      }
    }
    Recording.link(node, in, out);
    for (int i = 0; i < saved.length; i++) {
      if (entry.source[i] >= 0) {
        run.fill(node, in[entry.source[i]]);
      }
    }
    run.stopIfComplete();
    return out;
  }
}
