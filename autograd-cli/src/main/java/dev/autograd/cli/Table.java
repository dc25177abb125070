package dev.autograd.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Lines with aligned columns.
final class Table {
  private final List<String[]> rows = new ArrayList<>();
  private final boolean[] right;

  /// Starts a table.
  ///
  /// @param columns headings; one that starts with `>` is aligned to the right
  Table(String... columns) {
    right = new boolean[columns.length];
    String[] heading = new String[columns.length];
    for (int i = 0; i < columns.length; i++) {
      right[i] = columns[i].startsWith(">");
      heading[i] = right[i] ? columns[i].substring(1) : columns[i];
    }
    rows.add(heading);
  }

  void row(String... cells) {
    rows.add(cells);
  }

  void print(PrintStream out) {
    int[] widths = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String gap = " ".repeat(widths[i] - row[i].length());
        line.append(i > 0 ? "  " : "").append(right[i] ? gap + row[i] : row[i] + gap);
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
