package dev.autograd.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.train.InputException;
import dev.autograd.train.json.JsonObject;
import dev.autograd.train.run.MetricsLog;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  @TempDir Path folder;

  @Test
  void aMeanWeighsItsValuesAndKeepsSmallOnesBesideLarge() {
    RunningMean mean = new RunningMean();
    assertThat(mean.value()).isNaN();
    mean.add(1, 64);
    mean.add(4, 32);
    assertThat(mean.value()).isEqualTo(2);
    RunningMean cancelling = new RunningMean();
    cancelling.add(1e16, 1);
    cancelling.add(1, 1);
    cancelling.add(-1e16, 1);
    cancelling.add(1, 1);
    assertThat(cancelling.value()).isEqualTo(0.5);
    mean.add(Double.POSITIVE_INFINITY, 1);
    assertThat(mean.value()).isInfinite();
    mean.add(Double.NaN, 0);
    assertThat(mean.value()).isInfinite();
    mean.add(Double.NaN, 1);
    assertThat(mean.value()).isNaN();
    assertThatIllegalArgumentException().isThrownBy(() -> mean.add(1, -1));
  }

  @Test
  void theConfusionMatrixCountsAndMeasures() {
    ConfusionMatrix m = new ConfusionMatrix(List.of("a", "b", "c"));
    assertThat(m.accuracy()).isNaN();
    m.add(
        new int[] {0, 0, 1, 1}, new float[] {2, 1, 0, 0, 3, 0, 1, 1, 0, Float.NaN, -1, Float.NaN});
    assertThat(m.count(0, 0)).isEqualTo(1);
    assertThat(m.count(0, 1)).isEqualTo(1);
    assertThat(m.count(1, 0)).as("of equal scores the first").isEqualTo(1);
    assertThat(m.count(1, 1)).as("NaN is the smallest").isEqualTo(1);
    assertThat(m.total()).isEqualTo(4);
    assertThat(m.accuracy()).isEqualTo(0.5);
    m.add(0, 0);
    assertThat(m.precision(0)).isCloseTo(2 / 3.0, within(1e-15));
    assertThat(m.recall(0)).isCloseTo(2 / 3.0, within(1e-15));
    assertThat(m.f1(1)).isEqualTo(0.5);
    assertThat(m.precision(2)).isZero();
    assertThat(m.macroF1())
        .as("class c is not there")
        .isCloseTo((2 / 3.0 + 0.5) / 2, within(1e-15));
    assertThatIllegalArgumentException().isThrownBy(() -> m.add(new int[1], new float[2]));
  }

  @Test
  void errorsOfNumbersAreMeasured() {
    RegressionErrors errors = new RegressionErrors();
    double[] right = {1e9 + 1, 1e9 + 2, 1e9 + 3};
    double[] predicted = {1e9 + 1, 1e9 + 2, 1e9 + 5};
    for (int i = 0; i < right.length; i++) {
      errors.add(right[i], predicted[i]);
    }
    assertThat(errors.mae()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(errors.rmse()).isCloseTo(Math.sqrt(4 / 3.0), within(1e-12));
    assertThat(errors.r2()).isCloseTo(1 - (4 / 3.0) / (2 / 3.0), within(1e-9));
    RegressionErrors constant = new RegressionErrors();
    constant.add(1, 2);
    assertThat(constant.r2()).isNaN();
  }

  private static EpochRecord epoch(int epoch, double accuracy) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", 1.0 / epoch);
    values.put("val_accuracy", accuracy);
    return new EpochRecord(epoch, epoch * 10L, 0.5, values);
  }

  @Test
  void theHistoryComesBackFromTheLog() {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsLog log = MetricsLog.open(file)) {
      log.append(new JsonObject().put("kind", "step").put("step", 1).put("loss", 3.0));
      log.append(epoch(1, Double.NaN).toJson());
      log.append(epoch(2, 0.9).toJson());
      log.append(epoch(3, 0.9).toJson());
    }
    History history = History.read(file);
    assertThat(history.epochs())
        .containsExactly(epoch(1, Double.NaN), epoch(2, 0.9), epoch(3, 0.9));
    assertThat(history.best("val_accuracy", true)).contains(epoch(2, 0.9));
    assertThat(history.best("loss", false)).contains(epoch(3, 0.9));
    assertThat(history.best("f1", true)).isEmpty();
  }

  @Test
  void aWrongLineOfTheHistoryIsNamed() {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsLog log = MetricsLog.open(file)) {
      log.append(epoch(1, 0.5).toJson());
      log.append(new JsonObject().put("kind", "epoch").put("epoch", "two"));
    }
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> History.read(file))
        .withMessageContaining("field 'epoch' must be a whole number, got a text")
        .withMessageContaining("metrics.jsonl:2");
  }
}
