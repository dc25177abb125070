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
        require(written.put(at, text(at, withTwins(at, lines))) == null, at, "has two sources");
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
