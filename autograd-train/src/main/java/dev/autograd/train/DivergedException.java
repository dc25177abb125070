package dev.autograd.train;

/// The loss is no longer a number; the step was not taken and earlier checkpoints stand.
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int epoch;
  private final long step;
  private final double loss;

  DivergedException(int epoch, long step, double loss) {
    super(
        "the loss became "
            + loss
            + " in epoch "
            + epoch
            + ", step "
            + step
            + ". Try a lower learning rate, or limit the gradient (train.gradClip).");
    this.epoch = epoch;
    this.step = step;
    this.loss = loss;
  }

  /// Returns the epoch, from 1.
  public int epoch() {
    return epoch;
  }

  /// Returns the optimizer steps taken before.
  public long step() {
    return step;
  }

  /// Returns the loss: NaN or infinite.
  public double loss() {
    return loss;
  }
}
