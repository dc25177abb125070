import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// Counts, by area, which cases of PyTorch's behaviour have tests, and whether they pass, from the
/// reports of the last test run.
///
/// A test belongs to the cases whose ids its name begins with: `c10_aGraphIsWalkedOnce` to C10,
/// `c17_c18_anUnusedInput` to both. Usage: `java tools/BehaviourTally.java ROOT`. Exit code 1 if a
/// case has no test or a failing one.
final class BehaviourTally {
  private record Area(char letter, String title, String numbers) {
    List<String> cases() {
      return Stream.of(numbers.split(" ")).map(n -> letter + n).toList();
    }
  }

  /// All cases but those of complex and sparse tensors, which do not exist here.
  private static final List<Area> AREAS =
      List.of(
          new Area('A', "Tensor attributes", "01 03 04 05 06 07 12 14 15 17 18 20 22"),
          new Area('B', "Graph building and nodes", "01 04 05 06 07 10 11 15 16"),
          new Area(
              'C',
              "backward and grad",
              "01 02 04 06 07 09 10 11 12 14 15 16 17 18 20 21 23 27 32 34 35"),
          new Area('D', "Gradient modes and detach", "01 02 03 05 08 09 10 12 13 16 17 19 20"),
          new Area(
              'E',
              "Custom functions",
              "01 02 03 05 06 07 08 09 10 12 14 15 17 19 21 22 23 25 26 28"),
          new Area('F', "Hooks", "01 02 03 06 07 08 09 10 11 14 16 18 19"),
          new Area('G', "Saved-tensor hooks", "01 02 03 05 06 07 08 10 11"),
          new Area(
              'H',
              "In-place writes and views",
              "01 02 03 04 05 06 07 08 09 11 12 17 18 20 21 22 25 26 27 28 29 30 31"),
          new Area('I', "Gradient accumulation", "03 04 06 08 10"),
          new Area('J', "Anomaly mode", "01 02 03 04 05 06 08"),
          new Area('K', "Checkpointing", "01 02 03 04 08 09 11"),
          new Area('L', "Forward mode", "01 04 05 06 07 08 10 12"),
          new Area(
              'M',
              "Functions of functions",
              "01 03 04 05 09 10 11 12 13 14 15 16 17 19 21 22 23 25 26 27 28 30"),
          new Area(
              'N',
              "Gradient checking",
              "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 20 21 22 23 24"),
          new Area('O', "Engine and profiler", "04 06 07 08 11 12 13 14"),
          new Area(
              'P', "Broadcasting, types, higher orders", "01 03 04 05 06 08 10 11 12 13 15 17"),
          new Area(
              'Q',
              "Gradients at special points",
              "03 05 06 07 08 10 11 12 17 18 21 22 23 24 26 27 29 30 31 32 34 35 36 38 39 40 "
                  + "41 42 43 44 46 47 49 50 51 52 53 54 55 57 58 59 60 68 69 70 71 72 74 76 78 84 "
                  + "85 86 90 92 94 95"));

  private static final Pattern ID = Pattern.compile("\\G([a-q]\\d\\d)_");

  /// How the tests of one case went.
  private static final class Outcome {
    int passed;
    final List<String> failed = new ArrayList<>();
  }

  private BehaviourTally() {}

  public static void main(String[] args) throws Exception {
    Map<String, Outcome> outcomes = read(Path.of(args[0]));
    int cases = 0;
    int tests = 0;
    List<String> missing = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    System.out.printf(
        "%-4s %-36s %6s %6s %7s %7s%n", "", "", "cases", "tests", "failed", "missing");
    for (Area area : AREAS) {
      int ran = 0;
      int failures = 0;
      int absent = 0;
      for (String id : area.cases()) {
        Outcome o = outcomes.get(id);
        if (o == null) {
          absent++;
          missing.add(id);
          continue;
        }
        ran += o.passed + o.failed.size();
        failures += o.failed.size();
        failed.addAll(o.failed);
      }
      System.out.printf(
          "%-4s %-36s %6d %6d %7d %7d%n",
          area.letter(), area.title(), area.cases().size(), ran, failures, absent);
      cases += area.cases().size();
      tests += ran;
    }
    System.out.printf(
        "%-4s %-36s %6d %6d %7d %7d%n", "all", "", cases, tests, failed.size(), missing.size());
    if (!missing.isEmpty()) {
      System.out.println("without a test: " + String.join(" ", missing));
    }
    failed.forEach(name -> System.out.println("failed: " + name));
    System.exit(missing.isEmpty() && failed.isEmpty() ? 0 : 1);
  }

  private static Map<String, Outcome> read(Path root)
      throws IOException, ParserConfigurationException, SAXException {
    Map<String, Outcome> outcomes = new TreeMap<>();
    var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    List<Path> reports;
    try (Stream<Path> all = Files.walk(root, 4)) {
      reports =
          all.filter(p -> p.toString().contains("surefire-reports"))
              .filter(p -> p.getFileName().toString().matches("TEST-.*\\.xml"))
              .sorted()
              .toList();
    }
    for (Path report : reports) {
      NodeList cases = parser.parse(report.toFile()).getElementsByTagName("testcase");
      for (int i = 0; i < cases.getLength(); i++) {
        add(outcomes, (Element) cases.item(i));
      }
    }
    return outcomes;
  }

  private static void add(Map<String, Outcome> outcomes, Element test) {
    if (test.getElementsByTagName("skipped").getLength() > 0) {
      return;
    }
    boolean bad =
        test.getElementsByTagName("failure").getLength()
                + test.getElementsByTagName("error").getLength()
            > 0;
    Matcher id = ID.matcher(test.getAttribute("name"));
    while (id.find()) {
      Outcome o =
          outcomes.computeIfAbsent(id.group(1).toUpperCase(Locale.ROOT), k -> new Outcome());
      if (bad) {
        o.failed.add(test.getAttribute("classname") + "." + test.getAttribute("name"));
      } else {
        o.passed++;
      }
    }
  }
}
