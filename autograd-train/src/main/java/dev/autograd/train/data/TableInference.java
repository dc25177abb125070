package dev.autograd.train.data;

import dev.autograd.train.InputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Finds out what the columns of a table are, and fits their encoding.
///
/// A column is numeric when every value that is not missing is a number, and categorical when fewer
/// than four fifths are. Anything between is most likely a slip in a numeric column and an error.
/// Categories and classes are collected from the whole file, so that every split knows them; means
/// and deviations come from the training rows alone.
final class TableInference {
  static final int MOST_CATEGORIES = 100;
  static final int MOST_CLASSES_BY_NUMBER = 20;
  private static final List<String> TARGETS = List.of("target", "class", "label", "y", "species");
  private static final double MOSTLY = 0.8;

  private final CsvTable table;
  private final CsvOptions options;
  private final int target;

  private TableInference(CsvTable table, CsvOptions options, int target) {
    this.table = table;
    this.options = options;
    this.target = target;
  }

  /// Reads a table into splits, fitting the encoding to the training rows.
  static DataSplits split(CsvTable table, CsvOptions options, SplitPlan plan) {
    TableInference inference = new TableInference(table, options, target(table, options));
    TargetEncoding all = inference.targetEncoding(IntStream.range(0, table.size()).toArray());
    Targets targets = new TableEncoding(List.of(), all).encode(table, true).targets();
    SplitPlan.Rows rows = plan.divide(targets);
    if (rows.train().length == 0) {
      throw InputException.data("no rows are left to train on of " + table.size())
          .at(table.place())
          .hint("Make the validation and test fractions smaller.")
          .build();
    }
    Dataset encoded = inference.fit(rows.train()).encode(table, true);
    return new DataSplits(
        encoded.select(rows.train()),
        encoded.select(rows.validation()),
        encoded.select(rows.test()));
  }

  private static int target(CsvTable table, CsvOptions options) {
    for (String name : options.drop()) {
      table.column("column to drop", name);
    }
    for (String name : options.categorical()) {
      table.column("categorical column", name);
    }
    String asked = options.target();
    if (asked != null) {
      return table.column("target column", asked);
    }
    for (String name : TARGETS) {
      for (int c = 0; c < table.header().size(); c++) {
        String column = table.header().get(c);
        if (column.toLowerCase(Locale.ROOT).equals(name) && !options.drop().contains(column)) {
          return c;
        }
      }
    }
    for (int c = table.header().size() - 1; c >= 0; c--) {
      if (!options.drop().contains(table.header().get(c))) {
        return c;
      }
    }
    throw InputException.data("every column is dropped, none is left to predict")
        .at(table.place())
        .build();
  }

  private TableEncoding fit(int[] trainRows) {
    List<ColumnEncoding> columns = new ArrayList<>();
    for (int c = 0; c < table.header().size(); c++) {
      if (c != target && !options.drop().contains(table.header().get(c))) {
        columns.add(column(c, trainRows));
      }
    }
    if (columns.isEmpty()) {
      throw InputException.data(
              "no columns are left beside the target '" + table.header().get(target) + "'")
          .at(table.place())
          .expected("at least one column of features")
          .build();
    }
    return new TableEncoding(columns, targetEncoding(trainRows));
  }

  private ColumnEncoding column(int c, int[] trainRows) {
    String name = table.header().get(c);
    boolean asked = options.categorical().contains(name);
    if (!asked && numeric(c)) {
      double[] moments = moments(c, trainRows);
      return new ColumnEncoding.Numeric(name, moments[0], moments[1]);
    }
    List<String> categories = distinct(c);
    if (categories.size() > MOST_CATEGORIES) {
      throw InputException.data(
              "column '%s' has %d different texts; more than %d are not made into features"
                  .formatted(name, categories.size(), MOST_CATEGORIES))
          .at(table.place())
          .hint("Leave it out: drop=" + name)
          .build();
    }
    return new ColumnEncoding.Categorical(name, categories);
  }

  private boolean numeric(int c) {
    int present = 0;
    int numbers = 0;
    int firstText = -1;
    for (int row = 0; row < table.size(); row++) {
      String text = table.field(row, c);
      if (!CsvTable.isMissing(text)) {
        present++;
        if (CsvTable.isNumber(text)) {
          numbers++;
        } else if (firstText < 0) {
          firstText = row;
        }
      }
    }
    String name = table.header().get(c);
    if (present == 0) {
      throw InputException.data("column '" + name + "' has no values at all")
          .at(table.place())
          .hint("Leave it out: drop=" + name)
          .build();
    }
    if (firstText >= 0 && numbers >= MOSTLY * present) {
      throw InputException.data(
              "column '%s' mixes numbers and text: %d of %d are numbers, but not '%s'"
                  .formatted(
                      name, numbers, present, TableEncoding.shortened(table.field(firstText, c))))
          .at(table.placeOf(firstText))
          .hint("Mend the value, or read the column as categories: categorical=" + name)
          .build();
    }
    return firstText < 0;
  }

  /// Mean and population standard deviation in two passes over the rows that have a value.
  private double[] moments(int c, int[] rows) {
    double sum = 0;
    int present = 0;
    for (int row : rows) {
      if (!table.missing(row, c)) {
        sum += TableEncoding.number(table, row, c);
        present++;
      }
    }
    double mean = present == 0 ? 0 : sum / present;
    double squares = 0;
    for (int row : rows) {
      if (!table.missing(row, c)) {
        double deviation = TableEncoding.number(table, row, c) - mean;
        squares += deviation * deviation;
      }
    }
    double std = present == 0 ? 0 : Math.sqrt(squares / present);
    boolean usable = std > 0 && Double.isFinite(std);
    return new double[] {mean, usable ? std : 1};
  }

  private List<String> distinct(int c) {
    Set<String> seen = new HashSet<>();
    for (int row = 0; row < table.size(); row++) {
      if (!table.missing(row, c)) {
        seen.add(table.field(row, c));
      }
    }
    return new ArrayList<>(new TreeSet<>(seen));
  }

  private TargetEncoding targetEncoding(int[] rows) {
    String name = table.header().get(target);
    List<String> values = distinct(target);
    boolean numbers = values.stream().allMatch(CsvTable::isNumber);
    CsvOptions.Task task = options.task();
    if (task == null) {
      task = numbers ? byNumbers(values) : CsvOptions.Task.CLASSIFICATION;
    }
    return switch (task) {
      case CLASSIFICATION -> new TargetEncoding.ClassTarget(name, classes(name, values, numbers));
      case REGRESSION -> {
        double[] moments = moments(target, rows);
        yield new TargetEncoding.RealTarget(name, moments[0], moments[1]);
      }
    };
  }

  private static CsvOptions.Task byNumbers(List<String> values) {
    boolean whole =
        values.stream().mapToDouble(Double::parseDouble).allMatch(v -> v == Math.rint(v));
    return whole && values.size() <= MOST_CLASSES_BY_NUMBER
        ? CsvOptions.Task.CLASSIFICATION
        : CsvOptions.Task.REGRESSION;
  }

  private List<String> classes(String name, List<String> values, boolean numbers) {
    if (values.size() < 2) {
      throw InputException.data(
              "the target '%s' has %s, so there is nothing to tell apart"
                  .formatted(name, values.isEmpty() ? "no values" : "one class"))
          .at(table.place())
          .expected("at least two classes")
          .build();
    }
    if (!numbers && values.size() > table.size() / 2 && values.size() > MOST_CLASSES_BY_NUMBER) {
      throw InputException.data(
              "the target '%s' has %d different texts in %d rows, which are no classes"
                  .formatted(name, values.size(), table.size()))
          .at(table.place())
          .hint("Name the column to predict: target=COLUMN")
          .hint("columns: " + String.join(", ", table.header()))
          .build();
    }
    if (!numbers) {
      return values;
    }
    return values.stream().sorted(Comparator.comparingDouble(Double::parseDouble)).toList();
  }
}
