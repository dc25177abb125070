package dev.autograd.onnx.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OnnxNodeTest {
  private final OnnxNode node =
      OnnxNode.of(
          "Conv",
          "c1",
          List.of("x", "", "b"),
          List.of("y"),
          Map.of(
              "group", OnnxAttribute.of(2L),
              "pads", OnnxAttribute.of(new long[] {1, 2}),
              "alpha", OnnxAttribute.of(0.5f),
              "mode", OnnxAttribute.of("same"),
              "to", OnnxAttribute.of(7L),
              "kind", OnnxAttribute.of(99L),
              "outer", new OnnxAttribute.Reference("inner", OnnxAttribute.Kind.INT)));

  @Test
  void givenAttributesAreReadByKind() {
    assertThat(node.requireInt("group")).isEqualTo(2);
    assertThat(node.requireInts("pads")).containsExactly(1, 2);
    assertThat(node.requireFloat("alpha")).isEqualTo(0.5f);
    assertThat(node.requireString("mode")).isEqualTo("same");
    assertThat(node.requireElementType("to")).isEqualTo(ElementType.INT64);
  }

  @Test
  void attributesLeftOutTakeTheDefaultOfTheCall() {
    assertThat(node.intOr("axis", -1)).isEqualTo(-1);
    assertThat(node.intsOr("strides", 1, 1)).containsExactly(1, 1);
    assertThat(node.floatOr("beta", 1)).isEqualTo(1);
    assertThat(node.stringOr("auto_pad", "NOTSET")).isEqualTo("NOTSET");
    assertThat(node.stringsOr("activations", List.of("Tanh"))).containsExactly("Tanh");
    assertThat(node.floatsOr("alphas", List.of())).isEmpty();
    assertThat(node.tensorOrNull("value")).isNull();
  }

  @Test
  void messagesNameNodeAttributeAndKind() {
    assertThatThrownBy(() -> node.requireInt("axis"))
        .isInstanceOf(OnnxModelException.class)
        .hasMessage("Conv 'c1': attribute 'axis' (an int) is required, it is missing");
    assertThatThrownBy(() -> node.intOr("pads", 0))
        .hasMessage("Conv 'c1': attribute 'pads' must be an int, got ints");
    assertThatThrownBy(() -> node.requireElementType("kind"))
        .hasMessage("Conv 'c1': attribute 'kind' must be an element type, got 99");
  }

  @Test
  void anUnresolvedReferenceIsNotMistakenForADefault() {
    assertThatThrownBy(() -> node.intOr("outer", 3)).hasMessageContaining("Expand the function");
  }

  @Test
  void anEmptyNameIsAnInputLeftOut() {
    assertThat(node.hasInput(0)).isTrue();
    assertThat(node.hasInput(1)).isFalse();
    assertThat(node.hasInput(2)).isTrue();
    assertThat(node.hasInput(3)).isFalse();
  }

  @Test
  void theLongNameOfTheDefaultDomainIsTheShortOne() {
    OnnxNode named =
        new OnnxNode("Add", "ai.onnx", "", List.of(), List.of("y"), Map.of(), "", Map.of());
    assertThat(named.domain()).isEmpty();
    assertThat(named.describe()).isEqualTo("Add -> 'y'");
  }
}
