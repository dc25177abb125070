package dev.autograd.benchmarks.micro;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/// One method of one family with all its parameters.
///
/// @param family the class
/// @param method the method
/// @param params by name
record Case(String family, String method, Map<String, String> params) {

  /// Returns every case, in the order of their names and parameters.
  static List<Case> all() {
    var silent = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
    List<Case> all = new ArrayList<>();
    for (BenchmarkListEntry entry : BenchmarkList.defaultList().getAll(silent, List.of())) {
      String name = entry.getUsername();
      String method = name.substring(name.lastIndexOf('.') + 1);
      List<Map<String, String>> combinations = List.of(Map.of());
      for (var param : new TreeMap<>(entry.getParams().orElse(Map.of())).entrySet()) {
        combinations = times(combinations, param.getKey(), param.getValue());
      }
      combinations.forEach(c -> all.add(new Case(entry.getUserClassQName(), method, c)));
    }
    return all;
  }

  private static List<Map<String, String>> times(
      List<Map<String, String>> combinations, String name, String[] values) {
    List<Map<String, String>> longer = new ArrayList<>();
    for (Map<String, String> c : combinations) {
      for (String value : values) {
        Map<String, String> next = new LinkedHashMap<>(c);
        next.put(name, value);
        longer.add(next);
      }
    }
    return longer;
  }

  /// Returns the name without packages, such as `Gemm.matmul`.
  String name() {
    return family.substring(family.lastIndexOf('.') + 1) + "." + method;
  }

  /// Returns `name=value` for each parameter, or `-` without any.
  String label() {
    return params.isEmpty()
        ? "-"
        : params.entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(" "));
  }

  /// Makes the family with the parameters set, not prepared.
  Measured open() {
    try {
      Class<?> type = Class.forName(family);
      Measured opened = (Measured) type.getConstructor().newInstance();
      for (var param : params.entrySet()) {
        Field field = type.getField(param.getKey());
        field.set(opened, value(field.getType(), param.getValue()));
      }
      return opened;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name() + ": a benchmark must be public to its fields", e);
    }
  }

  private static Object value(Class<?> type, String text) throws ReflectiveOperationException {
    if (type == int.class) {
      return Integer.valueOf(text);
    }
    return type == String.class ? text : type.getMethod("valueOf", String.class).invoke(type, text);
  }
}
