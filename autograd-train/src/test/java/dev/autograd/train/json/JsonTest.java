package dev.autograd.train.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static final Place PLACE = Place.of("run.json");

  @Test
  void everyKindOfValueComesBackAsItWasWritten() {
    JsonObject json =
        new JsonObject()
            .put("text", "a \"quoted\" line\nand é ☃")
            .put("whole", Long.MIN_VALUE)
            .put("number", 0.1)
            .put("truth", true)
            .put("list", List.of(1L, "two", new JsonObject().put("three", 3)));
    json.putObject("inner").put("x", 1.5e-300);
    assertThat(Json.parse(Json.line(json), PLACE)).isEqualTo(json);
    assertThat(Json.parse(Json.pretty(json), PLACE)).isEqualTo(json);
    assertThat(Json.line(json)).doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0})
  void numbersThatJsonLacksComeBack(double value) {
    String text = Json.line(new JsonObject().put("loss", value));
    assertThat(Json.parse(text, PLACE).number("loss", PLACE)).isEqualTo((Double) value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"a\":1,}|107", "{\"a\":|105", "{\"a\":1} x|108", "[1]|100", "''|100"})
  void malformedTextNamesTheByte(String text, long atLeast) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Json.parse(text.getBytes(StandardCharsets.UTF_8), PLACE, 100))
        .satisfies(
            e -> {
              assertThat(e.exitCode()).isEqualTo(4);
              assertThat(e.place().orElseThrow().byteOffset()).isBetween(atLeast - 1, atLeast + 1);
            });
  }

  @Test
  void aKeyThatStandsTwiceIsAnError() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Json.parse("{\"a\":1,\"a\":2}", PLACE))
        .withMessageContaining("uplicate");
  }

  @Test
  void deepNestingIsAnErrorNotAnOverflow() {
    String deep = "{\"a\":" + "[".repeat(100_000);
    assertThatExceptionOfType(InputException.class).isThrownBy(() -> Json.parse(deep, PLACE));
  }

  @Test
  void aFieldOfAnotherTypeIsNamed() {
    JsonObject json = Json.parse("{\"seed\":\"x\",\"n\":null,\"l\":[1,\"a\"]}", PLACE);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> json.integer("seed", PLACE))
        .withMessage("field 'seed' must be a whole number, got a text in run.json");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> json.text("gone", PLACE))
        .withMessage("missing field 'gone' in run.json");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> json.text("n", PLACE))
        .withMessageContaining("got null");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> json.list("l", Long.class, PLACE))
        .withMessageContaining("list of whole numbers");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> new JsonObject().put("epoch", -1).count("epoch", PLACE))
        .withMessageContaining("field 'epoch' is -1");
  }
}
