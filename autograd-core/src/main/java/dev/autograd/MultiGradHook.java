package dev.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One hook on the gradients of several tensors.
final class MultiGradHook {

  /// What a walk has brought so far.
  private static final class Arrived {
    final @Nullable Tensor[] grads;

    /// How many of the tensors the walk comes to.
    final int expected;

    int count;
    boolean called;

    Arrived(int tensors, int expected) {
      this.grads = new Tensor[tensors];
      this.expected = expected;
    }
  }

  private final List<Edge> edges;
  private final MultiGradMode mode;
  private final Consumer<? super List<@Nullable Tensor>> hook;

  private MultiGradHook(
      List<Edge> edges, MultiGradMode mode, Consumer<? super List<@Nullable Tensor>> hook) {
    this.edges = edges;
    this.mode = mode;
    this.hook = hook;
  }

  static RemovableHandle register(
      List<Tensor> tensors, MultiGradMode mode, Consumer<? super List<@Nullable Tensor>> hook) {
    if (tensors.isEmpty()) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "registerMultiGradHook: takes one tensor or more, got none");
    }
    for (int i = 0; i < tensors.size(); i++) {
      if (!tensors.get(i).requiresGrad()) {
        throw new AutogradException(
            ErrorKind.HOOK_NO_GRAD,
            "registerMultiGradHook: tensor "
                + i
                + " of shape "
                + tensors.get(i).shape()
                + " does not require grad");
      }
    }
    List<Edge> edges = tensors.stream().map(Tensor::gradientEdge).toList();
    MultiGradHook all = new MultiGradHook(edges, mode, hook);
    List<RemovableHandle> handles = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      int index = i;
      handles.add(
          tensors
              .get(i)
              .registerHook(
                  g -> {
                    all.arrived(index, g);
                    return null;
                  }));
    }
    return () -> handles.forEach(RemovableHandle::remove);
  }

  private void arrived(int index, @Nullable Tensor g) {
    BackwardCall walk = ThreadState.current().walk;
    if (walk == null || g == null) {
      return;
    }
    Arrived so = walk.belongings(this, Arrived.class, () -> first(walk));
    so.grads[index] = g;
    so.count++;
    if (mode == MultiGradMode.ANY || so.count == so.expected) {
      call(so);
    }
  }

  private Arrived first(BackwardCall walk) {
    int expected = (int) edges.stream().filter(e -> walk.comesTo(e.node())).count();
    Arrived so = new Arrived(edges.size(), expected);
    // The walk comes to a node, yet brings no gradient, where a backward returned null.
    walk.queue(() -> call(so));
    return so;
  }

  private void call(Arrived so) {
    if (!so.called) {
      so.called = true;
      hook.accept(Collections.unmodifiableList(Arrays.asList(so.grads.clone())));
    }
  }
}
