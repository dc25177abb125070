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
    InterceptorLink link = state.interceptors;
    return link == null ? run(state, f, in) : through(state, link, f, in)[0];
  }

  static Tensor[] apply(MultiFunction f, Tensor... in) {
    ThreadState state = ThreadState.current();
    InterceptorLink link = state.interceptors;
    return link == null ? run(state, f, in) : through(state, link, f, in);
  }

  static Runnable install(Interceptor interceptor) {
    ThreadState state = ThreadState.current();
    InterceptorLink before = state.interceptors;
    state.interceptors = new InterceptorLink(interceptor, before);
    return () -> state.interceptors = before;
  }

  /// Tells the interceptors that the program reads elements.
  static void read(String reader, Tensor tensor) {
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
    return switch (operation) {
      case Function f -> new Tensor[] {run(state, f, in)};
      case MultiFunction f -> run(state, f, in);
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
      result.madeRecorded(enabled);
    }
    if (node != null) {
      return node.recorded(state, in, result)[0];
    }
    countWrites(untracked);
    return handedOut(untracked, in, result);
  }

  private static Tensor[] run(ThreadState state, MultiFunction f, Tensor[] in) {
    boolean enabled = state.gradEnabled;
    InterceptorLink interceptors = state.interceptors;
    boolean record = enabled && f.differentiable() && anyRequiresGrad(in);
    state.gradEnabled = false;
    state.interceptors = null;
    FunctionNode node = null;
    Untracked untracked = null;
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
        result[i].madeRecorded(enabled);
      }
    }
    if (out == null) {
      returned(f, null);
    }
    if (node != null) {
      return node.recorded(state, in, result);
    }
    countWrites(untracked);
    for (int i = 0; i < result.length; i++) {
      result[i] = handedOut(untracked, in, result[i]);
    }
    return result;
  }

  private static Tensor returned(Operation operation, @Nullable Tensor y) {
    if (y == null) {
      throw new FunctionContractException(
          ErrorKind.ARGUMENT, operation.name(), "forward returned null instead of a tensor");
    }
    return y;
  }

  private static void countWrites(@Nullable Untracked untracked) {
    if (untracked != null) {
      untracked.finish();
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
