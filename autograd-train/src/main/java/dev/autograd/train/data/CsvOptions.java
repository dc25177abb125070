package dev.autograd.train.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How to understand a CSV file.
///
/// @param target the column to predict; null picks `target`, `class`, `label`, `y` or `species`
///   (the first there is, in any case), else the last column
/// @param task null decides by the target: text or at most 20 different whole numbers are classes
/// @param drop columns to leave out
/// @param categorical columns to read as categories although they hold numbers
/// @param delimiter between fields: `,` `;` tab or `|`
public record CsvOptions(
    @Nullable String target,
    @Nullable Task task,
    List<String> drop,
    List<String> categorical,
    char delimiter) {
  /// What the target asks for.
  public enum Task {
    /// One of several classes.
    CLASSIFICATION,
    /// A real number.
    REGRESSION
  }

  public CsvOptions {
    drop = List.copyOf(drop);
    categorical = List.copyOf(categorical);
  }

  /// Returns what holds when nothing is said.
  public static CsvOptions defaults() {
    return new CsvOptions(null, null, List.of(), List.of(), ',');
  }

  /// Returns these options with another target column.
  public CsvOptions withTarget(@Nullable String column) {
    return new CsvOptions(column, task, drop, categorical, delimiter);
  }
}
