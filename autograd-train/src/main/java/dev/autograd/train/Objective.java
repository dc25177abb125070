package dev.autograd.train;

import dev.autograd.Tensor;
import dev.autograd.nn.Loss;
import dev.autograd.ops.loss.CrossEntropy;
import dev.autograd.ops.loss.HuberLoss;
import dev.autograd.ops.loss.L1Loss;
import dev.autograd.train.config.Settings;
import dev.autograd.train.data.Batch;
import dev.autograd.train.data.TargetEncoding;
import dev.autograd.train.data.TargetEncoding.ClassTarget;
import dev.autograd.train.data.TargetEncoding.RealTarget;
import dev.autograd.train.data.Targets;

/// What a run makes small, for the kind of target it has.
final class Objective {
  private final Loss loss;
  private final TargetEncoding target;

  private Objective(Loss loss, TargetEncoding target) {
    this.loss = loss;
    this.target = target;
  }

  /// Makes the objective that a configuration names; `auto` takes cross entropy for classes and the
  /// squared error for numbers.
  ///
  /// @throws InputException of kind CONFIG when the loss does not fit the target
  static Objective of(Settings loss, TargetEncoding target) {
    boolean classes = target instanceof ClassTarget;
    String type = loss.type().equals("auto") ? (classes ? "crossEntropy" : "mse") : loss.type();
    if (type.equals("crossEntropy") != classes) {
      throw InputException.config(
              "loss '%s' does not fit the target '%s', which is %s"
                  .formatted(type, target.name(), classes ? "a class" : "a number"))
          .hint(classes ? "Use crossEntropy." : "Use mse, l1 or huber.")
          .build();
    }
    return new Objective(
        switch (type) {
          case "crossEntropy" -> crossEntropy(loss);
          case "l1" -> L1Loss::l1Loss;
          case "huber" -> {
            double delta = loss.number("delta");
            yield (y, t) -> HuberLoss.huberLoss(y, t, delta, dev.autograd.ops.loss.Reduction.MEAN);
          }
          default -> Loss.mse();
        },
        target);
  }

  private static Loss crossEntropy(Settings loss) {
    double smoothing = loss.has("labelSmoothing") ? loss.number("labelSmoothing") : 0;
    return smoothing == 0
        ? Loss.crossEntropy()
        : (y, t) ->
            CrossEntropy.crossEntropy(
                y, t, null, -100, smoothing, dev.autograd.ops.loss.Reduction.MEAN);
  }

  /// Returns the mean loss of a batch, a scalar.
  Tensor loss(Tensor output, Batch batch) {
    return switch (batch.targets()) {
      case Targets.Classes c -> loss.of(output, classes(c));
      case Targets.Values v -> loss.of(output.reshape(-1), values(v, output));
      case Targets.Absent a ->
          throw new IllegalArgumentException("there are no targets to train on");
    };
  }

  /// Tells whether the target is a class.
  boolean classifies() {
    return target instanceof ClassTarget;
  }

  private static Tensor classes(Targets.Classes c) {
    long[] ids = new long[c.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = c.ids()[i];
    }
    return Tensor.of(ids);
  }

  private Tensor values(Targets.Values v, Tensor output) {
    double[] standard = new double[v.size()];
    for (int i = 0; i < standard.length; i++) {
      standard[i] = target instanceof RealTarget r ? r.standardise(v.values()[i]) : v.values()[i];
    }
    return Tensor.of(standard).to(output.dtype());
  }
}
