package dev.autograd;

import dev.autograd.ThreadState.InterceptorLink;
import dev.autograd.spi.Interceptor;
import dev.autograd.spi.OpCall;
import org.jspecify.annotations.Nullable;

/// The one place through which every operation passes: interceptors first, then recording.
final class Doorway {
  private Doorway() {}

  static Tensor apply(Function f, Tensor... in) {
    ThreadState state = ThreadState.current();
    if (AnomalyMode.checksForward()) {
      return AnomalyMode.checked(state, f, in)[0];
    }
    if (state.transforms != 0 && Transforms.concern(state, in)) {
      return Transforms.apply(state, f, in)[0];
    }
    InterceptorLink link = state.interceptors;
    return link == null ? run(state, f, in) : through(state, link, f, in)[0];
  }

  static Tensor[] applyAll(MultiFunction f, Tensor... in) {
    ThreadState state = ThreadState.current();
    return AnomalyMode.checksForward()
        ? AnomalyMode.checked(state, f, in)
        : unchecked(state, f, in);
  }

  /// Runs an operation, whose results are not looked at.
  static Tensor[] unchecked(ThreadState state, Operation operation, Tensor[] in) {
    if (state.transforms != 0 && Transforms.concern(state, in)) {
      return Transforms.apply(state, operation, in);
    }
    return plain(state, operation, in);
  }

  /// Runs an operation on inputs that are neither dual nor batched, or taken as such.
  static Tensor[] plain(ThreadState state, Operation operation, Tensor[] in) {
    InterceptorLink link = state.interceptors;
    return link == null ? runAny(state, operation, in) : through(state, link, operation, in);
  }

  static Runnable install(Interceptor interceptor) {
    ThreadState state = ThreadState.current();
    InterceptorLink before = state.interceptors;
    state.interceptors = new InterceptorLink(interceptor, before);
    return () -> state.interceptors = before;
  }

  /// Tells the interceptors that the program reads elements.
  static void read(String reader, Tensor tensor) {
    if (tensor.batch() != null) {
      throw new AutogradException(
          ErrorKind.VMAP_CONTROL_FLOW,
          reader
              + ": under vmap this tensor of shape "
              + tensor.shape()
              + " stands for many, and has no values of its own to branch on. Use where() instead,"
              + " or read the result of vmap.");
    }
    ThreadState state = ThreadState.current();
    InterceptorLink before = state.interceptors;
    for (InterceptorLink link = before; link != null; link = link.outer()) {
      state.interceptors = link.outer();
      try {
        link.interceptor().read(reader, tensor);
      } finally {
        state.interceptors = before;
      }
    }
  }

  private static Tensor[] through(
      ThreadState state, InterceptorLink link, Operation operation, Tensor[] in) {
    InterceptorLink before = state.interceptors;
    // Whatever the interceptor itself computes is seen by the ones outside it only.
    state.interceptors = link.outer();
    try {
      return link.interceptor().intercept(new Call(state, link, operation, in));
    } finally {
      state.interceptors = before;
    }
  }

  private record Call(ThreadState state, InterceptorLink link, Operation operation, Tensor[] inputs)
      implements OpCall {

    @Override
    public Tensor[] proceed() {
      InterceptorLink outer = link.outer();
      return outer == null
          ? runAny(state, operation, inputs)
          : through(state, outer, operation, inputs);
    }

    @Override
    public Tensor[] decompose() {
      InterceptorLink before = state.interceptors;
      state.interceptors = link;
      try {
        return switch (operation) {
          case Function f -> new Tensor[] {f.forward(new Untracked(inputs), inputs)};
          case MultiFunction f -> f.forward(new Untracked(inputs), inputs);
        };
      } finally {
        state.interceptors = before;
      }
    }
  }

  private static Tensor[] runAny(ThreadState state, Operation operation, Tensor[] in) {
    Transforms.ContextRequest request = state.contextRequest;
    if (request != null && request.isFor(operation, in)) {
      return runKeepingContext(state, request, operation, in);
    }
    return switch (operation) {
      case Function f -> new Tensor[] {run(state, f, in)};
      case MultiFunction f -> runAll(state, f, in);
    };
  }

  private static Tensor run(ThreadState state, Function f, Tensor[] in) {
    boolean enabled = state.gradEnabled;
    InterceptorLink interceptors = state.interceptors;
    boolean record = enabled && f.differentiable() && anyRequiresGrad(in);
    state.gradEnabled = false;
    state.interceptors = null;
    FunctionNode node = null;
    Untracked untracked = null;
    long madeBefore = Storage.made();
    @Nullable Tensor y;
    try {
      if (record) {
        node = new FunctionNode(f, in, state.nextSequenceNumber++);
        y = f.forward(node, in);
      } else {
        untracked = new Untracked(in);
        y = f.forward(untracked, in);
      }
    } finally {
      state.gradEnabled = enabled;
      state.interceptors = interceptors;
    }
    Tensor result = returned(f, y);
    if (result.isView()) {
      result.viewMade(f, in, enabled, state.inference);
    }
    if (node != null) {
      return Recording.recordedOne(node, state, madeBefore, in, result);
    }
    countWrites(f, untracked);
    result.lostHistory(in, Cut.after(f, in, enabled, state.inference));
    return handedOut(untracked, in, result);
  }

  private static Tensor[] runAll(ThreadState state, MultiFunction f, Tensor[] in) {
    boolean enabled = state.gradEnabled;
    InterceptorLink interceptors = state.interceptors;
    boolean record = enabled && f.differentiable() && anyRequiresGrad(in);
    state.gradEnabled = false;
    state.interceptors = null;
    FunctionNode node = null;
    Untracked untracked = null;
    long madeBefore = Storage.made();
    @Nullable Tensor @Nullable [] out;
    try {
      if (record) {
        node = new FunctionNode(f, in, state.nextSequenceNumber++);
        out = f.forward(node, in);
      } else {
        untracked = new Untracked(in);
        out = f.forward(untracked, in);
      }
    } finally {
      state.gradEnabled = enabled;
      state.interceptors = interceptors;
    }
    Tensor[] result = new Tensor[out == null ? 0 : out.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = returned(f, out[i]);
      if (result[i].isView()) {
        result[i].viewMade(f, in, enabled, state.inference);
      }
    }
    if (out == null) {
      returned(f, null);
    }
    if (node != null) {
      return Recording.recorded(node, state, madeBefore, in, result);
    }
    countWrites(f, untracked);
    Cut cut = Cut.after(f, in, enabled, state.inference);
    for (int i = 0; i < result.length; i++) {
      result[i].lostHistory(in, cut);
      result[i] = handedOut(untracked, in, result[i]);
    }
    return result;
  }

  /// Runs an operation for somebody who asks for its context, whether it is recorded or not.
  private static Tensor[] runKeepingContext(
      ThreadState state, Transforms.ContextRequest request, Operation operation, Tensor[] in) {
    boolean enabled = state.gradEnabled;
    InterceptorLink interceptors = state.interceptors;
    state.gradEnabled = false;
    state.interceptors = null;
    state.contextRequest = null;
    FunctionNode node =
        new FunctionNode(operation, in, state.nextSequenceNumber++, request.wanted());
    long madeBefore = Storage.made();
    Tensor[] out;
    try (var _ = ForwardMode.mute(state, null)) {
      out =
          switch (operation) {
            case Function f -> new Tensor[] {returned(f, f.forward(node, in))};
            case MultiFunction f -> f.forward(node, in);
          };
    } finally {
      state.gradEnabled = enabled;
      state.interceptors = interceptors;
      state.contextRequest = request;
    }
    for (Tensor y : out) {
      if (returned(operation, y).isView()) {
        y.viewMade(operation, in, enabled, state.inference);
      }
    }
    Tensor[] result;
    if (enabled && anyRequiresGrad(in)) {
      result = Recording.link(node, true, madeBefore, in, out);
    } else {
      result = Recording.link(node, false, madeBefore, in, out);
      Cut cut = Cut.after(operation, in, enabled, state.inference);
      for (Tensor y : result) {
        y.lostHistory(in, cut);
      }
    }
    request.fulfil(node);
    return result;
  }

  private static Tensor returned(Operation operation, @Nullable Tensor y) {
    if (y == null) {
      throw new FunctionContractException(
          ErrorKind.ARGUMENT, operation.name(), "forward returned null instead of a tensor");
    }
    return y;
  }

  private static void countWrites(Operation operation, @Nullable Untracked untracked) {
    if (untracked != null) {
      untracked.finish(operation);
    }
  }

  /// Hands an input that forward returned as it is back as an alias, so that what is done to the
  /// result's history never reaches the caller's tensor.
  private static Tensor handedOut(@Nullable Untracked untracked, Tensor[] in, Tensor y) {
    if (y.requiresGrad() && (untracked == null || !untracked.isDirty(y))) {
      for (Tensor t : in) {
        if (t == y) {
          return y.detach();
        }
      }
    }
    return y;
  }

  private static boolean anyRequiresGrad(Tensor[] in) {
    for (Tensor t : in) {
      if (t.requiresGrad()) {
        return true;
      }
    }
    return false;
  }
}
