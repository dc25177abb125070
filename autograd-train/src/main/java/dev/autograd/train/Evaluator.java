package dev.autograd.train;

import dev.autograd.GradMode;
import dev.autograd.Tensor;
import dev.autograd.TensorScope;
import dev.autograd.nn.Layer;
import dev.autograd.train.config.Settings;
import dev.autograd.train.data.Batch;
import dev.autograd.train.data.Dataset;
import dev.autograd.train.data.Loader;
import dev.autograd.train.data.TargetEncoding;
import dev.autograd.train.data.TargetEncoding.ClassTarget;
import dev.autograd.train.data.TargetEncoding.RealTarget;
import dev.autograd.train.data.Targets;
import dev.autograd.train.metrics.ConfusionMatrix;
import dev.autograd.train.metrics.RegressionErrors;
import dev.autograd.train.metrics.RunningMean;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Measures a model on data.
public final class Evaluator {
  private static final int BATCH = 256;

  /// What was measured.
  ///
  /// @param samples how many samples there were
  /// @param values `loss` and, for classes, `accuracy` and `f1`; for numbers `rmse`, `mae`, `r2`
  /// @param confusion for classes
  public record Result(
      int samples, Map<String, Double> values, @Nullable ConfusionMatrix confusion) {}

  private Evaluator() {}

  /// Measures in evaluation mode, without recording; the model's mode is restored.
  public static Result evaluate(Layer model, Dataset data, Settings loss) {
    return evaluate(model, data, Objective.of(loss, data.preprocessing().target()));
  }

  static Result evaluate(Layer model, Dataset data, Objective objective) {
    TargetEncoding target = data.preprocessing().target();
    RunningMean loss = new RunningMean();
    ConfusionMatrix confusion =
        target instanceof ClassTarget c ? new ConfusionMatrix(c.classes()) : null;
    RegressionErrors errors = new RegressionErrors();
    boolean training = model.isTraining();
    model.eval();
    try (var _ = GradMode.noGrad()) {
      for (Batch batch : Loader.inOrder(data, BATCH).epoch(0, 0)) {
        float[] scores;
        try (var _ = TensorScope.open()) {
          Tensor y = model.forward(Tensor.of(batch.features(), batch.shape()));
          loss.add(objective.loss(y, batch).item(), batch.size());
          scores = y.toFloatArray();
        }
        switch (batch.targets()) {
          case Targets.Classes c when confusion != null -> confusion.add(c.ids(), scores);
          case Targets.Values v when target instanceof RealTarget real -> {
            for (int i = 0; i < scores.length; i++) {
              errors.add(v.values()[i], real.restore(scores[i]));
            }
          }
          default -> throw new IllegalArgumentException("the data has no targets to measure by");
        }
      }
    } finally {
      model.train(training);
    }
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", loss.value());
    if (confusion != null) {
      values.put("accuracy", confusion.accuracy());
      values.put("f1", confusion.macroF1());
    } else {
      values.put("rmse", errors.rmse());
      values.put("mae", errors.mae());
      values.put("r2", errors.r2());
    }
    return new Result(data.size(), values, confusion);
  }
}
