package dev.autograd.nn;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;

/// Normalises each channel over the batch and, for images, over space: Ioffe and Szegedy 2015.
///
/// - **Shapes** `[N, C, …] → [N, C, …]`. While training the batch's statistics are used and running
///   ones are kept (`0.9 · old + 0.1 · new`, unbiased variance); in evaluation the running ones are
///   used.
public final class BatchNorm extends Layer {
  private static final double MOMENTUM = 0.1;
  private static final double EPSILON = 1e-5;

  private final int channels;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor runningMean;
  private final Tensor runningVar;

  /// Makes a layer for this number of channels.
  public BatchNorm(int channels) {
    this.channels = channels;
    this.weight = parameter("weight", Tensor.ones(channels));
    this.bias = parameter("bias", Tensor.zeros(channels));
    this.runningMean = buffer("running_mean", Tensor.zeros(channels));
    this.runningVar = buffer("running_var", Tensor.ones(Shape.of(channels), DType.F32));
  }

  @Override
  public Tensor forward(Tensor x) {
    return dev.autograd.ops.normalization.BatchNorm.batchNorm(
        x, runningMean, runningVar, weight, bias, isTraining(), MOMENTUM, EPSILON);
  }

  @Override
  protected String describe() {
    return "BatchNorm(" + channels + ")";
  }
}
