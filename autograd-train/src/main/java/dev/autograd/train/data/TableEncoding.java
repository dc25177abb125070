package dev.autograd.train.data;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How the columns of a table become features and targets. Columns are found by name, so their
/// order in another file does not matter, and columns not named here are ignored.
public record TableEncoding(List<ColumnEncoding> columns, TargetEncoding target)
    implements Preprocessing {
  static final String KIND = "table";

  public TableEncoding {
    columns = List.copyOf(columns);
  }

  @Override
  public int[] sampleShape() {
    return new int[] {columns.stream().mapToInt(ColumnEncoding::width).sum()};
  }

  /// Returns a name for each feature: `age`, or `colour=red` for a category.
  public List<String> featureNames() {
    List<String> names = new ArrayList<>();
    for (ColumnEncoding column : columns) {
      switch (column) {
        case ColumnEncoding.Numeric c -> names.add(c.name());
        case ColumnEncoding.Categorical c ->
            c.categories().forEach(category -> names.add(c.name() + "=" + category));
      }
    }
    return names;
  }

  /// Encodes all rows of a table.
  ///
  /// @param needTarget whether a missing target column is an error; if not, the targets of such a
  ///   table are absent
  /// @throws InputException of kind DATA when a column is missing, a number is none, or a category
  ///   or class is unknown
  public Dataset encode(CsvTable table, boolean needTarget) {
    int width = sampleShape()[0];
    long count = (long) width * table.size();
    if (count > Integer.MAX_VALUE - 8) {
      throw InputException.data(
              "%d rows of %d features are more than one array holds (2147483639)"
                  .formatted(table.size(), width))
          .at(table.place())
          .build();
    }
    float[] features = new float[(int) count];
    int offset = 0;
    for (ColumnEncoding column : columns) {
      int source = table.column("column", column.name());
      switch (column) {
        case ColumnEncoding.Numeric c -> numbers(table, source, c, features, offset, width);
        case ColumnEncoding.Categorical c -> oneHot(table, source, c, features, offset, width);
      }
      offset += column.width();
    }
    return new Dataset(
        table.place().source(), features, sampleShape(), targets(table, needTarget), this);
  }

  private static void numbers(
      CsvTable table, int source, ColumnEncoding.Numeric c, float[] to, int offset, int width) {
    for (int row = 0; row < table.size(); row++) {
      if (!table.missing(row, source)) {
        to[row * width + offset] = (float) ((number(table, row, source) - c.mean()) / c.std());
      }
    }
  }

  static double number(CsvTable table, int row, int column) {
    String text = table.field(row, column);
    double value = CsvTable.number(text);
    if (Double.isNaN(value)) {
      throw InputException.data(
              "column '%s' holds numbers, got '%s'"
                  .formatted(table.header().get(column), shortened(text)))
          .at(table.placeOf(row))
          .expected("a finite number such as 0.5 or 1e-3, or an empty field for a missing one")
          .build();
    }
    return value;
  }

  private static void oneHot(
      CsvTable table, int source, ColumnEncoding.Categorical c, float[] to, int offset, int width) {
    Map<String, Integer> index = indexOf(c.categories());
    for (int row = 0; row < table.size(); row++) {
      if (!table.missing(row, source)) {
        int category = known(table, row, source, "category", index, c.categories());
        to[row * width + offset + category] = 1;
      }
    }
  }

  private Targets targets(CsvTable table, boolean needed) {
    if (!needed && !table.header().contains(target.name())) {
      return new Targets.Absent(table.size());
    }
    int source = table.column("target column", target.name());
    for (int row = 0; row < table.size(); row++) {
      if (table.missing(row, source)) {
        throw InputException.data("no value in the target column '" + target.name() + "'")
            .at(table.placeOf(row))
            .hint("Rows to learn from need a target; take the row out.")
            .build();
      }
    }
    return switch (target) {
      case TargetEncoding.ClassTarget t -> {
        Map<String, Integer> index = indexOf(t.classes());
        int[] ids = new int[table.size()];
        for (int row = 0; row < ids.length; row++) {
          ids[row] = known(table, row, source, "class", index, t.classes());
        }
        yield new Targets.Classes(ids, t.classes());
      }
      case TargetEncoding.RealTarget t -> {
        float[] values = new float[table.size()];
        for (int row = 0; row < values.length; row++) {
          values[row] = (float) number(table, row, source);
        }
        yield new Targets.Values(values);
      }
    };
  }

  private static int known(
      CsvTable table,
      int row,
      int column,
      String what,
      Map<String, Integer> index,
      List<String> known) {
    String text = table.field(row, column);
    Integer id = index.get(text);
    if (id == null) {
      throw InputException.data(
              "unknown %s '%s' in column '%s'"
                  .formatted(what, shortened(text), table.header().get(column)))
          .at(table.placeOf(row))
          .expected(
              "one of "
                  + String.join(", ", known.stream().limit(20).toList())
                  + (known.size() > 20 ? ", ..." : ""))
          .didYouMean(text, known)
          .build();
    }
    return id;
  }

  static Map<String, Integer> indexOf(List<String> names) {
    Map<String, Integer> index = new HashMap<>();
    for (String name : names) {
      index.put(name, index.size());
    }
    return index;
  }

  static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  @Override
  public JsonObject toJson() {
    List<JsonObject> described = new ArrayList<>();
    for (ColumnEncoding column : columns) {
      JsonObject one = new JsonObject().put("name", column.name());
      described.add(
          switch (column) {
            case ColumnEncoding.Numeric c -> one.put("mean", c.mean()).put("std", c.std());
            case ColumnEncoding.Categorical c -> one.put("categories", c.categories());
          });
    }
    return new JsonObject()
        .put("kind", KIND)
        .put("columns", described)
        .put("target", target.toJson());
  }

  static TableEncoding read(JsonObject json, Place place) {
    List<ColumnEncoding> columns = new ArrayList<>();
    for (JsonObject column : json.list("columns", JsonObject.class, place)) {
      String name = column.text("name", place);
      columns.add(
          column.has("categories")
              ? new ColumnEncoding.Categorical(name, column.list("categories", String.class, place))
              : new ColumnEncoding.Numeric(
                  name, column.number("mean", place), column.number("std", place)));
    }
    return new TableEncoding(columns, TargetEncoding.fromJson(json.object("target", place), place));
  }
}
