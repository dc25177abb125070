package dev.autograd.train.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlReaderTest {
  private static final Place FILE = Place.of(Path.of("a.yaml"));

  @TempDir Path folder;

  private static InputException failure(String yaml) {
    InputException e =
        catchThrowableOfType(InputException.class, () -> YamlReader.readMapping(yaml, FILE));
    assertThat(e).isNotNull();
    assertThat(e.exitCode()).isEqualTo(2);
    return e;
  }

  private static Object value(String yaml) {
    return ((YamlNode.Scalar) YamlReader.readValue(yaml, FILE)).value();
  }

  @Test
  void scalarsFollowTheCoreSchema() {
    assertThat(value("1e-3")).isEqualTo(0.001);
    assertThat(value(".5")).isEqualTo(0.5);
    assertThat(value("-0x10")).isEqualTo("-0x10");
    assertThat(value("0x10")).isEqualTo(16L);
    assertThat(value("0o17")).isEqualTo(15L);
    assertThat(value("010")).isEqualTo(10L);
    assertThat(value("-.inf")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(value("no")).isEqualTo("no");
    assertThat(value("1_000")).isEqualTo("1_000");
    assertThat(value("'1'")).isEqualTo("1");
    assertThat(value("True")).isEqualTo(true);
    assertThat(value("~")).isNull();
    assertThat(value("")).isNull();
    assertThat(value("2026-11-23")).isEqualTo("2026-11-23");
  }

  @Test
  void everyNodeKnowsItsPlaceAndItsLine() {
    YamlNode.Mapping top = YamlReader.readMapping("a: 1\nb:\n  - x\n  - {c: 2}\n", FILE);
    YamlNode.Sequence b = (YamlNode.Sequence) top.get("b");
    assertThat(b).isNotNull();
    YamlNode c = ((YamlNode.Mapping) b.items().get(1)).get("c");
    assertThat(c).isNotNull();
    assertThat(c.place().toString()).isEqualTo("a.yaml:4:9");
    assertThat(c.place().text()).isEqualTo("  - {c: 2}");
  }

  @Test
  void jsonIsUnderstood() {
    assertThat(YamlReader.readMapping("{\"a\": [1, true, null, \"x\"]}", FILE).get("a"))
        .isInstanceOf(YamlNode.Sequence.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a: [1, 2|malformed YAML",
        "a: 1\\n\\tb: 2|a.yaml:2:1",
        "a: b: c|a.yaml:1:5",
        "a: 1\\nb: 2\\na: 3|key 'a' stands twice, first in line 1 in a.yaml:3:1",
        "- 1|the top is a list",
        "~~|the file is empty",
        "# only a remark|the file is empty",
        "a: 1\\n---\\nb: 2|a second YAML document begins",
        "a: !java 1|unknown tag !java",
        "1: x|a key must be a text in a.yaml:1:1",
        "[1]: x|key",
        "a: *gone|malformed YAML",
        "a: &x [*x]|an alias contains itself",
        "a: 99999999999999999999|the number 99999999999999999999 is too large in a.yaml:1:4",
      })
  void malformedTextNamesThePlace(String yaml, String message) {
    String text = yaml.equals("~~") ? "" : yaml.replace("\\n", "\n").replace("\\t", "\t");
    assertThat(failure(text)).hasMessageContaining(message);
  }

  @Test
  void tabsGetAdvice() {
    assertThat(failure("a:\n\tb: 1\n"))
        .hasMessageContaining("Indent with blanks, not with tabs.")
        .hasMessageContaining("a.yaml:2:1");
  }

  @Test
  void deepNestingIsAnErrorNotAnOverflow() {
    assertThat(failure("a: " + "[".repeat(50_000))).hasMessageContaining("nested deeper than 64");
    assertThat(failure("a: " + "{b: ".repeat(50_000)))
        .hasMessageContaining("nested deeper than 64");
  }

  @Test
  void aliasesThatMultiplyAreAnError() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 25; i++) {
      yaml.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(failure(yaml.toString())).hasMessageContaining("aliases written out");
  }

  @Test
  void filesThatCannotBeReadAreNamed() throws IOException {
    Path none = folder.resolve("none.yaml");
    assertThat(catchThrowableOfType(InputException.class, () -> YamlReader.read(none)))
        .hasMessage("cannot read " + none + ": no such file or folder");
    assertThat(catchThrowableOfType(InputException.class, () -> YamlReader.read(folder)))
        .hasMessageContaining("it is a folder");
    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, "name: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(catchThrowableOfType(InputException.class, () -> YamlReader.read(latin)))
        .hasMessageContaining("not UTF-8");
    Path large = folder.resolve("large.yaml");
    Files.write(large, new byte[(3 << 20) + 1]);
    assertThat(catchThrowableOfType(InputException.class, () -> YamlReader.read(large)))
        .hasMessageContaining("expected a configuration of at most");
    Path control = folder.resolve("control.yaml");
    Files.writeString(control, "a: \u0007\n");
    assertThat(catchThrowableOfType(InputException.class, () -> YamlReader.read(control)))
        .hasMessageContaining("malformed YAML");
  }
}
