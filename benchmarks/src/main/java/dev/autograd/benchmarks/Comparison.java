package dev.autograd.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells which numbers have become worse than those of a baseline.
///
/// Both are rows as the workloads print them: `workload, system, threads, metric, median, min,
/// max`. A metric that ends in `/s` is a rate, better if higher; all others are costs.
///
/// Usage: `Comparison BASELINE RESULTS [TOLERANCE]`. Exit status 1 if something is worse or no
/// longer measured.
public final class Comparison {
  private static final double TOLERANCE = 0.15;

  private Comparison() {}

  /// What one row says, without what it is about.
  private record Numbers(double median, double min, double max) {
    boolean covers(double value) {
      return min <= value && value <= max;
    }
  }

  /// Runs the program.
  public static void main(String[] args) throws IOException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: BASELINE RESULTS [TOLERANCE]");
      System.exit(2);
    }
    double tolerance = args.length > 2 ? Double.parseDouble(args[2]) : TOLERANCE;
    List<String> worse =
        worse(
            Files.readAllLines(Path.of(args[0])), Files.readAllLines(Path.of(args[1])), tolerance);
    worse.forEach(System.out::println);
    System.exit(worse.isEmpty() ? 0 : 1);
  }

  /// Returns a line for each number that is worse than its baseline by more than the share
  /// `tolerance`, unless the median of one lies in the range of the other, and for each that is
  /// missing. New ones are none of it.
  ///
  /// @throws IllegalArgumentException if a row cannot be read or comes twice
  public static List<String> worse(List<String> baseline, List<String> results, double tolerance) {
    Map<String, Numbers> now = parse(results);
    List<String> worse = new ArrayList<>();
    parse(baseline)
        .forEach(
            (what, before) -> {
              Numbers after = now.get(what);
              String found = after == null ? "missing" : difference(what, before, after, tolerance);
              if (found != null) {
                worse.add(what + "\t" + found);
              }
            });
    return worse;
  }

  private static @Nullable String difference(
      String what, Numbers before, Numbers after, double tolerance) {
    double ratio =
        what.endsWith("/s") ? before.median / after.median : after.median / before.median;
    if (ratio <= 1 + tolerance
        || Double.isNaN(ratio)
        || before.covers(after.median)
        || after.covers(before.median)) {
      return null;
    }
    return String.format(
        Locale.ROOT,
        "%.5g [%.5g, %.5g] -> %.5g [%.5g, %.5g]\t%.2f times as bad",
        before.median,
        before.min,
        before.max,
        after.median,
        after.min,
        after.max,
        ratio);
  }

  private static Map<String, Numbers> parse(List<String> rows) {
    Map<String, Numbers> parsed = new LinkedHashMap<>();
    for (String row : rows) {
      String[] v = row.split("\t", -1);
      if (v.length != 7) {
        throw new IllegalArgumentException(
            "comparison: a row must have 7 columns, got " + v.length + ": " + row);
      }
      String what = String.join("\t", v[0], v[1], v[2], v[3]);
      Numbers numbers = new Numbers(number(v[4], row), number(v[5], row), number(v[6], row));
      if (parsed.put(what, numbers) != null) {
        throw new IllegalArgumentException("comparison: measured twice: " + what);
      }
    }
    return parsed;
  }

  private static double number(String text, String row) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "comparison: not a number: '" + text + "' in row " + row, e);
    }
  }
}
