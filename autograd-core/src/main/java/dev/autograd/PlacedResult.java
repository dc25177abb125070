package dev.autograd;

import dev.autograd.spi.Pending;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The result of an operation that waits to be told where it goes. See [Autograd#into].
final class PlacedResult implements Pending {
  private final Shape shape;
  private final Storage result;
  private final Tensor[] reads;

  /// `null` once the values are there.
  private @Nullable Consumer<Tensor> computation;

  private PlacedResult(Shape shape, DType dtype, Consumer<Tensor> computation, Tensor... reads) {
    this.shape = shape;
    this.computation = computation;
    this.reads = reads;
    this.result = Storage.pending(dtype, shape.numel(), this);
  }

  /// Returns a result that is computed later; `null` if what it reads cannot wait.
  static @Nullable Tensor of(
      Shape shape, DType dtype, Consumer<Tensor> computation, Tensor... reads) {
    var later = new PlacedResult(shape, dtype, computation, reads);
    for (Tensor x : reads) {
      if (!x.sharedStorage().readLater(later.result)) {
        return null;
      }
    }
    return Tensor.of(later.result, shape);
  }

  @Override
  public synchronized void compute() {
    if (computation != null) {
      Tensor y = Tensor.empty(shape, result.dtype());
      write(computation, y);
      result.complete(y.sharedStorage().surrender());
    }
  }

  @Override
  public synchronized boolean canComputeInto(Tensor source, Tensor target) {
    if (computation == null
        || !target.isContiguous()
        || !target.shape().equals(shape)
        || target.dtype() != result.dtype()) {
      return false;
    }
    for (Tensor x : reads) {
      if (x.sharedStorage() == target.sharedStorage()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public synchronized void computeInto(Tensor source, Tensor target) {
    if (computation == null) {
      throw new IllegalStateException("into: the values are not pending");
    }
    write(computation, target);
  }

  private void write(Consumer<Tensor> work, Tensor target) {
    // What an operation does with memory is not recorded.
    try (var _ = GradMode.noGrad()) {
      work.accept(target);
    }
    computation = null;
  }
}
