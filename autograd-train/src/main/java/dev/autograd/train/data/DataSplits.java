package dev.autograd.train.data;

import dev.autograd.train.InputException;
import java.util.List;

/// The three disjoint parts of the data; validation and test may be empty.
public record DataSplits(Dataset train, Dataset validation, Dataset test) {
  private static final List<String> NAMES = List.of("train", "validation", "test");

  /// Returns a part by its name: `train`, `validation` (or `val`), `test`.
  ///
  /// @throws InputException of kind USAGE when there is no such part
  public Dataset named(String split) {
    return switch (split) {
      case "train" -> train;
      case "validation", "val" -> validation;
      case "test" -> test;
      default ->
          throw InputException.usage("unknown split '" + split + "'")
              .didYouMean(split, NAMES)
              .hint("splits: " + String.join(", ", NAMES))
              .build();
    };
  }
}
