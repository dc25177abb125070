package dev.autograd.train.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How far a run got.
public enum RunStatus {
  /// It is training, or its process was killed.
  RUNNING,
  /// It reached its end.
  FINISHED,
  /// It stopped with an error.
  FAILED,
  /// The user stopped it; a checkpoint is there to go on from.
  INTERRUPTED;

  /// Returns the word written in `run.json`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<RunStatus> of(String word) {
    return Arrays.stream(values()).filter(s -> s.word().equals(word)).findFirst();
  }
}
