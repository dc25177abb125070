package dev.autograd;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A scope in which operations of this thread take other tensors in place of some: how a model that
/// holds its parameters computes with given ones.
///
/// ```java
/// try (var _ = Substitution.of(Map.of(weight, candidate))) {
///   y = model.forward(x); // with candidate wherever it refers to weight
/// }
/// ```
///
/// Gradients, tangents and batches are those of the substitutes; in-place writes go into them.
/// Close it on the thread that opened it.
public final class Substitution implements AutoCloseable {
  private final ThreadState state;
  private final @Nullable Substitution outer;
  private final Map<Tensor, Tensor> substitutes;
  private boolean open = true;

  private Substitution(ThreadState state, Map<Tensor, Tensor> substitutes) {
    this.state = state;
    this.outer = state.substitution;
    this.substitutes = substitutes;
    state.substitution = this;
    state.transforms++;
  }

  /// Puts the values of `substitutes` in the place of its keys until the scope closes.
  ///
  /// @throws AutogradException (`SHAPE`, `DTYPE`) if one differs in shape or type from what it
  ///   stands in for
  public static Substitution of(Map<Tensor, Tensor> substitutes) {
    substitutes.forEach(
        (original, substitute) -> {
          if (!substitute.shape().equals(original.shape())) {
            throw new AutogradException(
                ErrorKind.SHAPE,
                "substitution: a tensor of shape "
                    + original.shape()
                    + " takes one of the same shape in its place, got "
                    + substitute.shape());
          }
          if (substitute.dtype() != original.dtype()) {
            throw new AutogradException(
                ErrorKind.DTYPE,
                "substitution: a tensor of "
                    + original.dtype()
                    + " takes one of the same type in its place, got "
                    + substitute.dtype());
          }
        });
    return new Substitution(ThreadState.current(), Map.copyOf(substitutes));
  }

  /// Closes the scope; does nothing if it is closed already.
  @Override
  public void close() {
    if (open) {
      open = false;
      state.substitution = outer;
      state.transforms--;
    }
  }

  /// Returns what stands in for `x` on this thread.
  static Tensor standingFor(Tensor x) {
    Substitution innermost = ThreadState.current().substitution;
    return innermost == null ? x : innermost.get(x);
  }

  /// Returns what stands in for `x`: a substitute of the innermost scope that has one, else `x`.
  Tensor get(Tensor x) {
    for (Substitution s = this; s != null; s = s.outer) {
      Tensor found = s.substitutes.get(x);
      if (found != null) {
        return found;
      }
    }
    return x;
  }

  /// Returns `in` with its substitutes; the same array if there are none.
  Tensor[] get(Tensor[] in) {
    Tensor[] all = in;
    for (int i = 0; i < in.length; i++) {
      Tensor found = get(in[i]);
      if (found != in[i]) {
        if (all == in) {
          all = in.clone();
        }
        all[i] = found;
      }
    }
    return all;
  }
}
