package dev.autograd;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Decides where the values live that operations save for backward.
///
/// ```java
/// try (var _ = SavedTensorHooks.with(x -> x.to(DType.F32), x -> x.to(DType.F64))) {
///   y = model.apply(x); // what backward needs of it is kept in half the memory
/// }
/// ```
///
/// The scopes belong to the thread that opens them, and to the operations recorded while they are
/// open: the values are read back whenever backward runs. The innermost pair of hooks alone is
/// called. Arrays and other plain objects that an operation keeps ([Context#keep]) pass by.
public final class SavedTensorHooks {
  private SavedTensorHooks() {}

  /// Ends a scope; close it on the thread that opened it.
  public static final class Scope implements AutoCloseable {
    private final Runnable undo;

    private Scope(Runnable undo) {
      this.undo = undo;
    }

    @Override
    public void close() {
      undo.run();
    }
  }

  /// Saves `pack` of every value that is saved from here on, and reads it back by `unpack`.
  ///
  /// Both run with recording off. `pack` is called once for each value, and the tensor it is given
  /// has no history; what `unpack` returns takes the original's place in the graph, so second
  /// derivatives come out right.
  ///
  /// @param pack must not write into its argument
  /// @param unpack must return a tensor of the type and shape that was saved
  /// @throws AutogradException (`SAVED_HOOKS_DISABLED`) inside a scope of [#disabled]. The
  ///   operation that saves the value throws (`PACK_HOOK_INPLACE`) and whatever `pack` throws;
  ///   backward throws (`UNPACK_BAD_RETURN`) and whatever `unpack` throws
  public static <P extends @Nullable Object> Scope with(
      Function<? super Tensor, ? extends P> pack,
      Function<? super P, ? extends @Nullable Tensor> unpack) {
    return enter(new PackHooks<P>(Objects.requireNonNull(pack), Objects.requireNonNull(unpack)));
  }

  /// Writes saved values into files of a fresh folder among the system's temporary files, and reads
  /// them back bit for bit.
  ///
  /// A file goes as soon as backward has freed its value, or the graph it belongs to is collected,
  /// or the program ends. Leaves that require grad are not written: whoever holds the model holds
  /// them anyway. Failures to write surface from the operation, failures to read from backward, as
  /// [java.io.UncheckedIOException].
  ///
  /// @throws AutogradException (`SAVED_HOOKS_DISABLED`) inside a scope of [#disabled]
  public static Scope toDisk() {
    return enter(DiskOffload.temporary());
  }

  /// Writes saved values into files of `directory`, which is made if there is none; as [#toDisk()].
  public static Scope toDisk(Path directory) {
    return enter(DiskOffload.in(directory));
  }

  /// Forbids hooks on saved tensors until the scope closes.
  ///
  /// @param message what whoever tries is told
  /// @throws AutogradException (`SAVED_HOOKS_DISABLED`) if hooks are in force already
  public static Scope disabled(String message) {
    Objects.requireNonNull(message);
    ThreadState state = ThreadState.current();
    String before = state.savingForbidden;
    if (state.saving instanceof PackHooks<?> || state.saving instanceof DiskOffload) {
      throw new AutogradException(ErrorKind.SAVED_HOOKS_DISABLED, message);
    }
    state.savingForbidden = message;
    return new Scope(() -> state.savingForbidden = before);
  }

  /// Lets tensors be written in place after they were saved: the write copies the old value first.
  ///
  /// Backward must run before the scope closes. A function of one's own that writes in place must
  /// mark the tensor dirty before it writes.
  ///
  /// @throws AutogradException (`ARGUMENT`) inside another such scope; backward throws it for a
  ///   graph whose scope is closed
  public static Scope allowMutationOnSavedTensors() {
    ThreadState state = ThreadState.current();
    if (state.mutations != null) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "allowMutationOnSavedTensors: scopes of this kind cannot be nested, and one is open"
              + " already");
    }
    MutationScope mutations = new MutationScope();
    Scope saving = enter(mutations);
    state.mutations = mutations;
    return new Scope(
        () -> {
          state.mutations = null;
          saving.close();
        });
  }

  static Scope enter(SavingScope scope) {
    ThreadState state = ThreadState.current();
    String forbidden = state.savingForbidden;
    if (forbidden != null) {
      throw new AutogradException(ErrorKind.SAVED_HOOKS_DISABLED, forbidden);
    }
    SavingScope before = state.saving;
    state.saving = scope;
    return new Scope(() -> state.saving = before);
  }
}
