package dev.autograd.train.metrics;

import dev.autograd.train.Place;
import dev.autograd.train.json.JsonObject;
import dev.autograd.train.run.MetricsLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The epochs of a run.
public record History(List<EpochRecord> epochs) {
  public History {
    epochs = List.copyOf(epochs);
  }

  /// Reads the epochs of a `metrics.jsonl`; lines of other kinds are passed over.
  ///
  /// @throws dev.autograd.train.InputException of kind DATA when a line is malformed
  public static History read(Path metricsFile) {
    List<EpochRecord> epochs = new ArrayList<>();
    List<JsonObject> lines = MetricsLog.read(metricsFile);
    for (int i = 0; i < lines.size(); i++) {
      if (EpochRecord.isEpoch(lines.get(i))) {
        epochs.add(EpochRecord.fromJson(lines.get(i), Place.of(metricsFile).at(i + 1, 0)));
      }
    }
    return new History(epochs);
  }

  /// Returns the epoch with the best value of a metric, the first of equals; epochs that lack it or
  /// have NaN are passed over.
  ///
  /// @param larger whether larger is better, as for accuracy
  public Optional<EpochRecord> best(String metric, boolean larger) {
    EpochRecord best = null;
    double bestValue = Double.NaN;
    for (EpochRecord epoch : epochs) {
      Double value = epoch.values().get(metric);
      if (value != null
          && !value.isNaN()
          && (best == null || (larger ? value > bestValue : value < bestValue))) {
        best = epoch;
        bestValue = value;
      }
    }
    return Optional.ofNullable(best);
  }
}
