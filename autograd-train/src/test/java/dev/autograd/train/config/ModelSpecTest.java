package dev.autograd.train.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.train.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ModelSpecTest {
  @TempDir Path folder;

  private ModelSpec.Layers layers(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("net.yaml"), yaml);
    return (ModelSpec.Layers) ModelSpec.read(file);
  }

  private static InputException failure(Executable code) {
    InputException e = catchThrowableOfType(InputException.class, code::execute);
    assertThat(e).isNotNull();
    return e;
  }

  @Test
  void theFourFormsOfALayerAreRead() throws IOException {
    ModelSpec.Layers net =
        layers(
            """
            name: small
            input: [1, 8, 8]
            layers:
              - flatten
              - linear: 32
              - dropout:
                  p: 0.5
              - residual: [linear: 32, relu]
            """);
    assertThat(net.name()).isEqualTo("small");
    assertThat(net.input()).containsExactly(1, 8, 8);
    LayerSpec linear = net.layers().get(1);
    assertThat(linear.integerArgument(1)).isEqualTo(32);
    assertThat(linear.place().toString()).endsWith("net.yaml:5:5");
    assertThat(net.layers().get(2).options().accept("p").number("p", 0)).isEqualTo(0.5);
    LayerSpec residual = net.layers().get(3);
    assertThat(residual.argument()).isNotNull();
    assertThat(LayerSpec.list("residual", residual.argument()))
        .extracting(LayerSpec::name)
        .containsExactly("linear", "relu");
  }

  @Test
  void whoBuildsTheModelCanNameThePlaceOfWhatIsWrong() throws IOException {
    ModelSpec.Layers net =
        layers(
            """
            layers:
              - lienar: 3
              - linear: {otu: 3, bias: maybe, act: rleu, sizes: [1, x]}
              - linear
            """);
    List<LayerSpec> l = net.layers();
    assertThat(l.get(0).unknown(List.of("linear", "relu")))
        .hasMessageContaining("unknown layer 'lienar' in " + folder.resolve("net.yaml:2:5"))
        .hasMessageContaining("2 |   - lienar: 3")
        .hasMessageContaining("did you mean 'linear'?");
    Options o = l.get(1).options();
    assertThat(failure(() -> o.accept("out", "bias", "act", "sizes")))
        .hasMessageContaining("unknown option 'otu' of linear")
        .hasMessageContaining("net.yaml:3:14")
        .hasMessageContaining("did you mean 'out'?");
    assertThat(failure(() -> o.truth("bias", true)))
        .hasMessageContaining("'linear.bias' must be true or false, got text 'maybe'");
    assertThat(failure(() -> o.word("act", List.of("relu", "tanh"), "relu")))
        .hasMessageContaining("did you mean 'relu'?");
    assertThat(failure(() -> o.integers("sizes", 1))).hasMessageContaining("'linear.sizes[1]'");
    assertThat(failure(() -> o.integer("out", 1)))
        .hasMessageContaining("missing option 'out' of linear")
        .hasMessageContaining("expected a whole number of at least 1");
    assertThat(failure(() -> o.integer("otu", 4))).hasMessageContaining("got 3");
    assertThat(failure(() -> o.number("act", 1))).hasMessageContaining("must be a number");
    assertThat(o.integer("gone", 1, 9)).isEqualTo(9);
    assertThat(o.text("act", "")).isEqualTo("rleu");
    assertThat(failure(() -> l.get(2).integerArgument(1)))
        .hasMessageContaining("layer 'linear' needs a number");
  }

  @Test
  void modelsThatAreNotListsAreReadFromAFileToo() throws IOException {
    Path file = Files.writeString(folder.resolve("m.yaml"), "type: mlp\nhidden: [4]\n");
    ModelSpec.Named named = (ModelSpec.Named) ModelSpec.read(file);
    assertThat(named.type()).isEqualTo("mlp");
    assertThat(named.options().names()).containsExactly("hidden");
    Files.writeString(folder.resolve("Net.java"), "");
    Files.writeString(file, "java: Net.java\nargs: {n: 3}\n");
    assertThat(((ModelSpec.JavaFile) ModelSpec.read(file)).file())
        .isEqualTo(folder.resolve("Net.java"));
    Files.writeString(file, "class: com.acme.Net\n");
    assertThat(((ModelSpec.JavaClass) ModelSpec.read(file)).className()).isEqualTo("com.acme.Net");
  }
}
