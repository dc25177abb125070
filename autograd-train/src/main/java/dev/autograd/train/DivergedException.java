package dev.autograd.train;

import java.io.Serial;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The loss or a weight is no longer a finite number; no step was taken with such a loss, and
/// earlier checkpoints stand.
public final class DivergedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int epoch;
  private final long step;
  private final double loss;
  private final transient @Nullable Path checkpoint;

  DivergedException(int epoch, long step, double loss) {
    this(epoch, step, loss, null, null);
  }

  private DivergedException(
      int epoch, long step, double loss, @Nullable Path checkpoint, @Nullable Throwable cause) {
    super(message(epoch, step, loss, checkpoint), cause);
    this.epoch = epoch;
    this.step = step;
    this.loss = loss;
    this.checkpoint = checkpoint;
  }

  private static String message(int epoch, long step, double loss, @Nullable Path checkpoint) {
    String what =
        Double.isFinite(loss) ? "a weight is no longer finite" : "the loss became " + loss;
    return what
        + " in epoch "
        + epoch
        + ", after step "
        + step
        + ". Try a lower learning rate, or limit the gradient (train.gradClip)."
        + (checkpoint == null ? "" : " The last good checkpoint is " + checkpoint + ".");
  }

  /// Returns this with the checkpoint that stands.
  DivergedException with(Path good) {
    return new DivergedException(epoch, step, loss, good, this);
  }

  /// Returns the epoch, from 1.
  public int epoch() {
    return epoch;
  }

  /// Returns the optimizer steps taken before.
  public long step() {
    return step;
  }

  /// Returns the loss: NaN or infinite, or the last one where a weight is what is not finite.
  public double loss() {
    return loss;
  }

  /// Returns the last good checkpoint, if there is one.
  public Optional<Path> checkpoint() {
    return Optional.ofNullable(checkpoint);
  }
}
