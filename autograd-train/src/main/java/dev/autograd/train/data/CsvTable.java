package dev.autograd.train.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.autograd.train.InputException;
import dev.autograd.train.InputException.Kind;
import dev.autograd.train.Place;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipException;

/// The texts of a CSV file: a header and rows of equal length, each with its line number.
///
/// Fields follow RFC 4180; empty lines are skipped; a byte order mark is allowed; the encoding is
/// UTF-8. An empty field and `NA`, `N/A`, `NaN`, `null` and `?` are missing values.
public final class CsvTable {
  private static final Map<String, String> OTHER_DELIMITERS = Map.of(";", "semicolon", "\t", "tab");
  private static final Set<String> MISSING = Set.of("", "na", "n/a", "nan", "null", "?");

  private final Place place;
  private final List<String> header;
  private final List<List<String>> rows;
  private final List<Long> lines;

  private CsvTable(Place place, List<String> header, List<List<String>> rows, List<Long> lines) {
    this.place = place;
    this.header = List.copyOf(header);
    this.rows = rows;
    this.lines = lines;
  }

  /// Reads a file, plain or compressed with gzip.
  ///
  /// @throws InputException of kind DATA when it is missing, empty or malformed
  public static CsvTable read(Path file, char delimiter) {
    try (InputStream in = DataFile.open(file)) {
      return read(in, Place.of(file), delimiter);
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "read", Place.of(file), e);
    }
  }

  /// Reads a stream, such as standard input; the place names it in errors.
  ///
  /// @throws InputException of kind DATA when it is empty or malformed
  public static CsvTable read(InputStream in, Place place, char delimiter) {
    List<CsvTable> whole = new ArrayList<>(1);
    stream(in, place, delimiter, Integer.MAX_VALUE, whole::add);
    return whole.getFirst();
  }

  /// Reads a stream piece by piece, each piece a table of its own with the common header.
  ///
  /// @param most how many rows a piece has at most; it has fewer when the stream has no more
  ///   waiting and `most` is not `Integer.MAX_VALUE`
  /// @throws InputException of kind DATA when it is empty or malformed; the pieces before have been
  ///   handed on
  public static void stream(
      InputStream in, Place place, char delimiter, int most, Consumer<CsvTable> sink) {
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    List<String> header = null;
    List<List<String>> rows = new ArrayList<>();
    List<Long> lines = new ArrayList<>();
    long lastLine = 0;
    String lastField = "";
    boolean any = false;
    QuoteCount quotes = new QuoteCount(text);
    try (CsvReader<CsvRecord> csv =
        CsvReader.builder()
            .fieldSeparator(delimiter)
            .skipEmptyLines(true)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .detectBomHeader(false)
            .ofCsvRecord(withoutByteOrderMark(quotes))) {
      for (CsvRecord row : csv) {
        lastLine = row.getStartingLineNumber();
        List<String> fields = row.getFields();
        lastField = fields.getLast();
        if (header == null) {
          header = header(fields, place.at((int) lastLine, 0));
        } else {
          if (fields.size() != header.size()) {
            throw ragged(header, fields, place.at((int) lastLine, 0), delimiter);
          }
          rows.add(fields);
          lines.add(lastLine);
          any = true;
          if (rows.size() == most || (most < Integer.MAX_VALUE && !text.ready())) {
            sink.accept(new CsvTable(place, header, rows, lines));
            rows = new ArrayList<>();
            lines = new ArrayList<>();
          }
        }
      }
    } catch (CsvParseException e) {
      throw malformed(e, place, lastLine);
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      throw cause == null ? e : unreadable(cause, place, lastLine);
    } catch (IOException e) {
      throw unreadable(e, place, lastLine);
    }
    // The library takes the end of the file for the missing quote.
    if (quotes.odd() && lastField.indexOf('\n') >= 0) {
      throw InputException.data("a quote is opened in this row and never closed")
          .at(place.at((int) lastLine, 0))
          .hint("A quote inside a quoted field is written twice.")
          .build();
    }
    if (header == null) {
      throw InputException.data("the file is empty")
          .at(place)
          .expected("a header line with the names of the columns")
          .build();
    }
    if (!any) {
      throw InputException.data("no rows below the header")
          .at(place)
          .expected("at least one row of " + header.size() + " fields")
          .build();
    }
    if (!rows.isEmpty()) {
      sink.accept(new CsvTable(place, header, rows, lines));
    }
  }

  /// Counts the quotes that pass.
  private static final class QuoteCount extends FilterReader {
    private boolean odd;

    QuoteCount(Reader text) {
      super(text);
    }

    boolean odd() {
      return odd;
    }

    @Override
    public int read(char[] buffer, int from, int length) throws IOException {
      int got = super.read(buffer, from, length);
      for (int i = from; i < from + got; i++) {
        odd ^= buffer[i] == '"';
      }
      return got;
    }
  }

  private static Reader withoutByteOrderMark(Reader text) throws IOException {
    text.mark(1);
    if (text.read() != '\uFEFF') {
      text.reset();
    }
    return text;
  }

  private static InputException malformed(CsvParseException e, Place place, long lastLine) {
    Throwable cause = e.getCause();
    if (cause instanceof IOException io) {
      return unreadable(io, place, lastLine);
    }
    String detail =
        cause != null && cause.getMessage() != null ? cause.getMessage() : e.getMessage();
    return InputException.data("malformed CSV after line " + lastLine + ": " + detail)
        .at(place)
        .hint("A quote that is opened must be closed; fields are limited to 16 MB.")
        .cause(e)
        .build();
  }

  private static InputException unreadable(IOException e, Place place, long lastLine) {
    String after = " after line " + lastLine;
    return switch (e) {
      case CharacterCodingException c ->
          InputException.data("the text is not UTF-8" + after)
              .at(place)
              .hint("Convert it, for example: iconv -f latin1 -t utf-8")
              .cause(e)
              .build();
      case EOFException c ->
          InputException.data("the gzip stream is truncated" + after).at(place).cause(e).build();
      case ZipException c ->
          InputException.data("the gzip stream is damaged" + after).at(place).cause(e).build();
      default -> InputException.io(Kind.DATA, "read", place, e);
    };
  }

  private static List<String> header(List<String> fields, Place place) {
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < fields.size(); i++) {
      String name = fields.get(i).strip();
      if (name.isEmpty()) {
        throw InputException.data("column " + (i + 1) + " has no name in the header")
            .at(place)
            .build();
      }
      if (!seen.add(name)) {
        throw InputException.data("column name '" + name + "' stands twice in the header")
            .at(place)
            .build();
      }
      names.add(name);
    }
    if (names.stream().allMatch(CsvTable::isNumber)) {
      throw InputException.data("the first line holds numbers only, so there is no header")
          .at(place)
          .expected("the names of the columns")
          .build();
    }
    return names;
  }

  private static InputException ragged(
      List<String> header, List<String> fields, Place place, char delimiter) {
    InputException.Builder error =
        InputException.data(
                "the row has %d field%s, the header %d"
                    .formatted(fields.size(), fields.size() == 1 ? "" : "s", header.size()))
            .at(place);
    if (fields.size() < header.size()) {
      error.hint("missing from column '" + header.get(fields.size()) + "' on");
    } else {
      error.hint("A field that contains '" + delimiter + "' must stand in double quotes.");
    }
    return error.build();
  }

  /// Returns where the table comes from.
  public Place place() {
    return place;
  }

  /// Returns the names of the columns.
  public List<String> header() {
    return header;
  }

  /// Returns how many rows there are.
  public int size() {
    return rows.size();
  }

  /// Returns a field without surrounding blanks; row and column count from 0.
  public String field(int row, int column) {
    return rows.get(row).get(column).strip();
  }

  /// Tells whether a field is a missing value.
  public boolean missing(int row, int column) {
    return isMissing(field(row, column));
  }

  /// Returns the place of a row.
  public Place placeOf(int row) {
    return place.at(Math.toIntExact(lines.get(row)), 0);
  }

  /// Finds a column by its name.
  ///
  /// @param what how to call the column in the error, such as `target column`
  /// @throws InputException of kind DATA when there is none
  public int column(String what, String name) {
    int index = header.indexOf(name);
    if (index < 0) {
      throw unknownColumn(what, name, header);
    }
    return index;
  }

  private InputException unknownColumn(String what, String name, Collection<String> known) {
    InputException.Builder error =
        InputException.data("no " + what + " '" + name + "'")
            .at(place)
            .didYouMean(name, known)
            .hint("columns: " + String.join(", ", known.stream().limit(40).toList()));
    String only = known.size() == 1 ? known.iterator().next() : "";
    OTHER_DELIMITERS.forEach(
        (delimiter, word) -> {
          if (only.contains(delimiter)) {
            error.hint(
                "Are the fields separated by %s? csv:PATH?delimiter=%s".formatted(word, word));
          }
        });
    return error.build();
  }

  static boolean isMissing(String field) {
    return field.length() <= 4 && MISSING.contains(field.toLowerCase(Locale.ROOT));
  }

  /// Tells whether a text is a finite decimal number; hexadecimal and suffixed forms are not.
  static boolean isNumber(String text) {
    return !Double.isNaN(number(text));
  }

  /// Reads a finite decimal number; anything else is NaN.
  static double number(String text) {
    boolean digits = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        digits = true;
      } else if (c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
        return Double.NaN;
      }
    }
    if (!digits) {
      return Double.NaN;
    }
    try {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) ? value : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
