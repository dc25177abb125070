package dev.autograd.train.run;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.autograd.train.json.JsonObject;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Writes measurements as a table for spreadsheets.
public final class MetricsCsv {
  private MetricsCsv() {}

  /// Writes one row per object, whole or not at all. The columns are the fields of all objects in
  /// the order they first appear; a field an object lacks is an empty cell.
  public static void write(Path file, List<JsonObject> measurements) {
    Set<String> columns = new LinkedHashSet<>();
    measurements.forEach(m -> columns.addAll(m.names()));
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      csv.writeRecord(columns);
      for (JsonObject measurement : measurements) {
        List<String> row = new ArrayList<>();
        for (String column : columns) {
          Object value = measurement.get(column);
          row.add(value == null || value.equals(JsonObject.NULL) ? "" : value.toString());
        }
        csv.writeRecord(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    AtomicFiles.write(file, text.toString());
  }
}
