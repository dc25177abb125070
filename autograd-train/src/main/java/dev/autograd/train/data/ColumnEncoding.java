package dev.autograd.train.data;

import java.util.List;

/// How one column of a table becomes features.
public sealed interface ColumnEncoding {
  /// Returns the column's name in the header.
  String name();

  /// Returns how many features it becomes.
  int width();

  /// A number, mapped to `(x - mean) / std`; a missing one counts as the mean, so as 0.
  ///
  /// @param mean over the training part, missing values left out
  /// @param std population standard deviation over the training part; 1 for a constant column
  record Numeric(String name, double mean, double std) implements ColumnEncoding {
    @Override
    public int width() {
      return 1;
    }
  }

  /// A text, mapped to one feature per category, 1 at its own and 0 elsewhere; a missing one is all
  /// zeros.
  ///
  /// @param categories in the order of their code points, from the whole file
  record Categorical(String name, List<String> categories) implements ColumnEncoding {
    public Categorical {
      categories = List.copyOf(categories);
    }

    @Override
    public int width() {
      return categories.size();
    }
  }
}
