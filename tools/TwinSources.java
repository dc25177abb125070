import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Writes twins: code that is the same for several element types, and is kept for one of them only.
///
/// A file of SOURCES whose first line reads `// Twin: GemmF64.java, f32 as f64, by
/// tools/TwinSources.java.` is compiled as it stands; its twin is written to OUT under that name.
///
/// A file of TWINS is compiled only as written to OUT: there, what stands between a line `// Twins:
/// f32 as f64, i64.` and the next `// End of twins.` is followed by itself for each further type.
/// If its first line is `// Files: OneTileF32 1, HalfTileF32 2; f32 as f64.`, it is written under
/// each of those names, which take the place of `$File`, as the numbers do that of `$Part`; and
/// each of those has its twin.
///
/// In a file of TWINS, what stands between one of these lines and its `// End.` is written out for
/// each round, with the round's values for its names. Blocks may stand in blocks.
///
/// | | |
/// |---|---|
/// | `// For $r below 12.` | 0, 1, … 11 |
/// | `// For $n $name in 12 twelve, 8 eight.` | 12 and twelve, 8 and eight |
/// | `// For $d halving 8.` | 4, 2, 1 |
/// | `// For $i $j at distance 2 below 8.` | 0 and 2, 1 and 3, 4 and 6, 5 and 7 |
///
/// These are all the substitutions, here from f32 to f64; comments take part.
///
/// | | |
/// |---|---|
/// | `f32`; `F32`, also within a name | `f64`, `F64` |
/// | `float`, `floats`; `FLOAT`, also within a name | `double`, `doubles`, `DOUBLE` |
/// | `Float`, also within a name | `Double` |
/// | `0f`, `0.5f`, `1e-3f`, `0x1p23f` | `0.0`, `0.5`, `1e-3`, `0x1p23`; `0` for integers |
///
/// Imports are repeated like the rest. Where types differ otherwise, the source names what differs:
/// `Float.BYTES`, `Gemm.KC_F32`. A twin that would not change is left alone, so that nothing is
/// compiled again; what OUT holds of sources that are gone is deleted.
///
/// Usage: `java TwinSources.java SOURCES TWINS OUT`
final class TwinSources {
  private static final Pattern FILE =
      Pattern.compile("// Twin: (\\w+\\.java), (\\w+) as (\\w+), by tools/TwinSources\\.java\\.");
  private static final Pattern BEGIN =
      Pattern.compile("\\s*// Twins: (\\w+) as (\\w+(?:, \\w+)*)\\.");
  private static final Pattern END = Pattern.compile("\\s*// End of twins\\.");
  private static final Pattern FILES =
      Pattern.compile("// Files: (\\w+ \\d+(?:, \\w+ \\d+)*); (\\w+) as (\\w+)\\.");
  private static final Pattern FOR =
      Pattern.compile(
          "\\s*// For (\\$\\w+(?: \\$\\w+)*)"
              + "(?: at distance (\\d+))?"
              + " (?:(below|halving) (\\d+)|in (\\w+(?:,? \\w+)*))\\.");
  private static final Pattern END_FOR = Pattern.compile("\\s*// End\\.");

  private static final Map<String, Element> ELEMENTS =
      Map.of(
          "f32", new Element("f32", "float", "Float", "Float"),
          "f64", new Element("f64", "double", "Double", "Double"),
          "i64", new Element("i64", "long", "Long", "Long"),
          "i32", new Element("i32", "int", "Integer", "Int"),
          "i16", new Element("i16", "short", "Short", "Short"),
          "u8", new Element("u8", "byte", "Byte", "Byte"));

  private TwinSources() {}

  public static void main(String[] args) throws IOException {
    Path sources = Path.of(args[0]);
    Path twins = Path.of(args[1]);
    SortedMap<Path, String> written = new TreeMap<>();
    try {
      for (Path at : javaFiles(sources)) {
        writeTwin(at, Files.readAllLines(sources.resolve(at)), written);
      }
      for (Path at : javaFiles(twins)) {
        List<String> lines = Files.readAllLines(twins.resolve(at));
        Matcher files = FILES.matcher(lines.isEmpty() ? "" : lines.getFirst());
        if (files.matches()) {
          writeFiles(at, files, lines.subList(1, lines.size()), written);
        } else {
          put(at, at, withTwins(at, unrolled(at, lines)), written);
        }
      }
      for (Path at : javaFiles(sources)) {
        require(!written.containsKey(at), at, "is generated: delete it, or the mark in its source");
        Path f32 = at.resolveSibling(at.getFileName().toString().replace("F64", "F32"));
        require(
            at.equals(f32) || Files.notExists(sources.resolve(f32)),
            at,
            "is a twin of " + f32.getFileName() + " by hand: generate it");
      }
    } catch (IllegalArgumentException e) {
      System.err.println("TwinSources: " + e.getMessage());
      System.exit(1);
    }
    store(Path.of(args[2]), written);
  }

  private static void writeTwin(Path at, List<String> lines, Map<Path, String> written) {
    String first = lines.isEmpty() ? "" : lines.getFirst();
    if (!first.startsWith("// Twin")) {
      return;
    }
    Matcher m = FILE.matcher(first);
    require(m.matches(), at, "has a first line that does not match " + FILE);
    Element from = element(at, m.group(2));
    Element to = element(at, m.group(3));
    String name = from.as(to, at.getFileName().toString());
    require(name.equals(m.group(1)), at, "has a twin named " + name + ", not " + m.group(1));
    List<String> twin = from.as(to, lines.subList(1, lines.size()));
    written.put(at.resolveSibling(name), text(at, twin));
  }

  private static void put(Path at, Path source, List<String> lines, Map<Path, String> written) {
    require(written.put(at, text(source, lines)) == null, at, "has two sources");
  }

  /// Writes a file and its twin for each of the names that a first line lists.
  private static void writeFiles(
      Path at, Matcher files, List<String> lines, Map<Path, String> written) {
    Element from = element(at, files.group(2));
    Element to = element(at, files.group(3));
    for (String file : files.group(1).split(", ")) {
      String[] nameAndPart = file.split(" ");
      Map<String, String> values = Map.of("$File", nameAndPart[0], "$Part", nameAndPart[1]);
      List<String> own = unrolled(at, with(values, lines));
      put(at.resolveSibling(nameAndPart[0] + ".java"), at, own, written);
      String twin = from.as(to, nameAndPart[0] + ".java");
      put(at.resolveSibling(twin), at, from.as(to, own), written);
    }
  }

  /// Writes the blocks that are for several rounds out.
  private static List<String> unrolled(Path at, List<String> lines) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      require(!END_FOR.matcher(lines.get(i)).matches(), at, "ends a block that did not begin");
      Matcher begin = FOR.matcher(lines.get(i));
      if (!begin.matches()) {
        require(!isFor(lines.get(i)), at, "has a block it cannot read: " + lines.get(i).strip());
        out.add(lines.get(i));
        continue;
      }
      int end = i + 1;
      for (int open = 1; ; end++) {
        require(end < lines.size(), at, "does not end a block");
        open += isFor(lines.get(end)) ? 1 : 0;
        open -= END_FOR.matcher(lines.get(end)).matches() ? 1 : 0;
        if (open == 0) {
          break;
        }
      }
      for (Map<String, String> round : rounds(at, begin)) {
        out.addAll(unrolled(at, with(round, lines.subList(i + 1, end))));
      }
      i = end;
    }
    return out;
  }

  private static boolean isFor(String line) {
    return line.strip().startsWith("// For $");
  }

  private static List<Map<String, String>> rounds(Path at, Matcher begin) {
    String[] names = begin.group(1).split(" ");
    List<String[]> values = new ArrayList<>();
    if (begin.group(5) != null) {
      for (String round : begin.group(5).split(", ")) {
        values.add(round.split(" "));
      }
    } else {
      int n = Integer.parseInt(begin.group(4));
      int distance = begin.group(2) == null ? 0 : Integer.parseInt(begin.group(2));
      boolean halving = begin.group(3).equals("halving");
      for (int i = halving ? n / 2 : 0; halving ? i > 0 : i < n; i = halving ? i / 2 : i + 1) {
        if ((i & distance) == 0) {
          String[] one = {"" + i};
          values.add(distance == 0 ? one : new String[] {"" + i, "" + (i + distance)});
        }
      }
    }
    List<Map<String, String>> rounds = new ArrayList<>();
    for (String[] round : values) {
      require(round.length == names.length, at, "has a round that does not fit " + begin.group(1));
      Map<String, String> map = new TreeMap<>();
      for (int i = 0; i < names.length; i++) {
        map.put(names[i], round[i]);
      }
      rounds.add(map);
    }
    return rounds;
  }

  private static List<String> with(Map<String, String> values, List<String> lines) {
    List<String> out = new ArrayList<>();
    for (String line : lines) {
      String next = line;
      for (var value : values.entrySet()) {
        next = next.replaceAll(Pattern.quote(value.getKey()) + "(?![A-Za-z0-9])", value.getValue());
      }
      out.add(next);
    }
    return out;
  }

  private static List<String> withTwins(Path at, List<String> lines) {
    List<String> out = new ArrayList<>();
    Matcher types = null;
    List<String> block = null;
    SequencedSet<String> imports = new LinkedHashSet<>();
    for (String line : lines) {
      Matcher begin = BEGIN.matcher(line);
      if (begin.matches()) {
        require(block == null, at, "begins twins within twins");
        types = begin;
        block = new ArrayList<>();
      } else if (END.matcher(line).matches()) {
        require(block != null, at, "ends twins that did not begin");
        String body = String.join("\n", block);
        block = body.replaceAll("^\\n+|\\n+$", "").lines().toList();
        out.addAll(block);
        for (String type : types.group(2).split(", ")) {
          Element from = element(at, types.group(1));
          Element to = element(at, type);
          out.add("");
          out.addAll(from.as(to, block));
          imports.addAll(from.as(to, lines.stream().filter(TwinSources::isImport).toList()));
        }
        block = null;
      } else {
        (block == null ? out : block).add(line);
      }
    }
    require(block == null, at, "does not end its twins");
    require(types != null, at, "has no twins: it belongs with the other sources");
    require(out.getFirst().startsWith("package "), at, "does not begin with its package");
    out.stream().filter(TwinSources::isImport).forEach(imports::add);
    out.removeIf(TwinSources::isImport);
    out.addAll(2, imports.stream().sorted().toList());
    return out;
  }

  private static boolean isImport(String line) {
    return line.startsWith("import ");
  }

  private static Element element(Path at, String name) {
    Element element = ELEMENTS.get(name);
    require(element != null, at, "names an unknown type " + name);
    return element;
  }

  private static String text(Path at, List<String> lines) {
    String notice = "// Written by tools/TwinSources.java from " + at.getFileName() + ".\n";
    return notice + String.join("\n", lines) + "\n";
  }

  private static void require(boolean condition, Path at, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(at + " " + otherwise);
    }
  }

  /// Returns the Java files under a folder, relative to it, in order.
  private static List<Path> javaFiles(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(f -> f.toString().endsWith(".java"))
          .map(folder::relativize)
          .sorted()
          .toList();
    }
  }

  private static void store(Path folder, SortedMap<Path, String> files) throws IOException {
    for (Path at : javaFiles(folder)) {
      if (!files.containsKey(at)) {
        Files.delete(folder.resolve(at));
      }
    }
    for (var file : files.entrySet()) {
      Path at = folder.resolve(file.getKey());
      if (Files.notExists(at) || !Files.readString(at).equals(file.getValue())) {
        Files.createDirectories(at.getParent());
        Files.writeString(at, file.getValue());
      }
    }
  }

  /// An element type: its name, its Java type, the class of that, and what begins its classes'
  /// names.
  private record Element(String name, String primitive, String boxed, String prefix) {

    private static final String HEXADECIMAL = "0[xX][0-9a-fA-F.]+[pP][+-]?\\d+";
    private static final String DECIMAL =
        "(?:\\d+\\.\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|\\d+[eE][+-]?\\d+";

    List<String> as(Element to, List<String> lines) {
      return lines.stream().map(line -> as(to, line)).toList();
    }

    String as(Element to, String line) {
      String out =
          line.replaceAll("\\b" + name + "\\b", to.name)
              .replace(name.toUpperCase(Locale.ROOT), to.name.toUpperCase(Locale.ROOT))
              .replaceAll("\\b" + primitive + "(s?)\\b", to.primitive + "$1")
              .replaceAll(
                  "(?<![A-Z])" + primitive.toUpperCase(Locale.ROOT) + "(S?)(?![A-Z])",
                  to.primitive.toUpperCase(Locale.ROOT) + "$1")
              .replaceAll("\\b" + boxed + "\\b", to.boxed)
              .replaceAll(prefix + "(s?)(?![a-z])", to.prefix + "$1");
      return primitive.equals("float") ? literals(to, out) : out;
    }

    private static String literals(Element to, String line) {
      String point = to.primitive.equals("double") ? ".0" : "";
      return line.replaceAll("(?<![\\w.])(" + HEXADECIMAL + "|" + DECIMAL + ")[fF]\\b", "$1")
          .replaceAll("(?<![\\w.])(\\d+)[fF]\\b", "$1" + point);
    }
  }
}
