package dev.autograd.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.Generator;
import dev.autograd.Tensor;
import dev.autograd.nn.Layer;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.InputException;
import dev.autograd.train.config.ConfigLayers;
import dev.autograd.train.config.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFactoryTest {
  private static final ModelShape DIGITS = new ModelShape(new int[] {1, 8, 8}, 10);
  private static final ModelShape FASHION = new ModelShape(new int[] {1, 28, 28}, 10);
  private static final ModelShape ROW = new ModelShape(new int[] {4}, 3);
  private static final ModelShape NUMBER = new ModelShape(new int[] {4}, 1);

  private final ModelFactory factory = new ModelFactory(OpRegistry.load());

  @TempDir Path folder;

  @BeforeEach
  void seed() {
    Generator.global().manualSeed(7);
  }

  private static ModelSpec spec(String yaml) {
    return new ConfigLayers().set("data=digits").set("model=" + yaml).resolve().config().model();
  }

  private ModelSpec layers(String yaml) throws IOException {
    return ModelSpec.read(Files.writeString(folder.resolve("net.yaml"), yaml));
  }

  private static InputException failure(org.junit.jupiter.api.function.Executable code) {
    InputException e = catchThrowableOfType(InputException.class, code::execute);
    assertThat(e).isNotNull();
    assertThat(e.exitCode()).isEqualTo(2);
    return e;
  }

  /// Runs forward and backward, and returns the parameters that got no gradient.
  private static List<String> withoutGradient(Layer model, ModelShape shape) {
    Tensor x = Tensor.randn(shape.batch(3));
    model.forward(x).square().sum().backward();
    return model.namedParameters().entrySet().stream()
        .filter(p -> p.getValue().grad() == null)
        .map(p -> p.getKey())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "mlp", "cnn", "transformer"})
  void everyNamedModelTakesImagesOfBothSizes(String name) {
    for (ModelShape shape : List.of(DIGITS, FASHION)) {
      Layer model = factory.make(spec(name), shape);
      assertThat(model.forward(Tensor.randn(shape.batch(5))).shape().dims()).containsExactly(5, 10);
      assertThat(withoutGradient(model, shape)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "mlp", "transformer"})
  void tablesAreTakenForClassesAndForNumbers(String name) {
    for (ModelShape shape : List.of(ROW, NUMBER)) {
      Layer model = factory.make(spec(name), shape);
      assertThat(model.forward(Tensor.randn(shape.batch(5))).shape().dims())
          .containsExactly(5, shape.outputs());
      assertThat(withoutGradient(model, shape)).isEmpty();
    }
  }

  @Test
  void aSeriesIsTakenByTheTransformerStepByStep() {
    ModelShape series = new ModelShape(new int[] {12, 3}, 2);
    Layer model = factory.make(spec("{type: transformer, dim: 16, heads: 2, depth: 1}"), series);
    assertThat(withoutGradient(model, series)).isEmpty();
    assertThat(model.state().get("position").shape().dims()).containsExactly(12, 16);
  }

  @Test
  void optionsChangeTheSizes() {
    assertThat(factory.make(spec("{type: mlp, hidden: [5]}"), ROW).parameterCount())
        .isEqualTo(4 * 5 + 5 + 5 * 3 + 3);
    assertThat(factory.make(spec("{type: mlp, hidden: []}"), ROW).parameterCount())
        .isEqualTo(4 * 3 + 3);
    assertThat(factory.make(spec("{type: cnn, channels: [2], hidden: 3}"), DIGITS).parameterCount())
        .isEqualTo(2 * 9 + 2 + (2 * 16) * 3 + 3 + 3 * 10 + 10);
    assertThat(factory.make(spec("{type: transformer, patch: 4}"), DIGITS).toString())
        .contains("Linear(16, 64)");
    assertThat(factory.make(spec("{type: mlp, activation: gelu, dropout: 0.5}"), ROW).toString())
        .contains("Gelu")
        .contains("Dropout(0.5)");
  }

  @Test
  void theSeedDecidesTheWeightsAndTheCheckOfANewModelLeavesNoTrace() {
    float[] first = weights(factory.make(spec("{type: mlp, dropout: 0.5}"), ROW));
    long position = Generator.global().position();
    Generator.global().manualSeed(7);
    assertThat(weights(factory.make(spec("{type: mlp, dropout: 0.5}"), ROW)))
        .containsExactly(first);
    assertThat(Generator.global().position()).isEqualTo(position);
    assertThat(weights(factory.make(spec("{type: mlp, dropout: 0.5}"), ROW))).isNotEqualTo(first);
    Layer norm = factory.make(spec("{layers: [batchnorm, linear: 3]}"), ROW);
    assertThat(norm.isTraining()).isTrue();
    assertThat(norm.state().get("0.running_mean").toFloatArray()).containsOnly(0);
  }

  private static float[] weights(Layer model) {
    return model.parameters().getFirst().toFloatArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: mlp, hiden: 3}|unknown option 'hiden' of model|did you mean 'hidden'?",
        "{type: mlp, hidden: [3, 0]}|whole number of at least 1|--set model",
        "{type: mlp, activation: rleu}|unknown model.activation 'rleu'|did you mean 'relu'?",
        "{type: mlp, dropout: 1}|below 1, got 1.0|--set model",
        "{type: linear, hidden: 3}|unknown option 'hidden'|takes no options",
        "cnn|'cnn' takes images|Take the model mlp",
        "{type: transformer, dim: 10, heads: 4}|multiple of 'model.heads', got 10 and 4|--set",
        "{type: transformer, patch: 2}|'model.patch' is for images|a token of its own",
        "{class: com.example.Nowhere}|no class com.example.Nowhere|Name it in full",
        "{class: java.lang.String}|java.lang.String is no model|dev.autograd.nn.Layer"
      })
  void whatIsWrongIsNamedWithItsPlaceAndAWayOut(String model, String what, String how) {
    InputException e = failure(() -> factory.make(spec(model), ROW));
    assertThat(e).hasMessageContaining(what).hasMessageContaining(how);
    assertThat(e.place()).isPresent();
  }

  @Test
  void imagesThatDoNotDivideIntoPatchesAreRefused() {
    assertThat(failure(() -> factory.make(spec("{type: transformer, patch: 3}"), DIGITS)))
        .hasMessageContaining("8 x 8 do not divide into patches of 3");
    assertThat(failure(() -> factory.make(spec("{type: cnn, kernel: 4}"), DIGITS)))
        .hasMessageContaining("'model.kernel' must be odd, got 4");
  }

  @Test
  void theSizesOfLayersFollowFromTheirInput() throws IOException {
    Layer model =
        factory.make(
            layers(
                """
                layers:
                  - conv2d: {out: 4, kernel: 3, padding: same}
                  - batchnorm
                  - relu
                  - maxpool2d: 2
                  - residual: [conv2d: {out: 4, padding: 1}, gelu]
                  - avgpool2d: {kernel: 2, stride: 1}
                  - adaptiveavgpool2d: [2, 3]
                  - flatten
                  - dropout: 0.1
                  - linear: {out: 12, bias: false}
                  - layernorm
                  - reshape: [3, 4]
                  - attention: {heads: 2, causal: true}
                  - transformer: {heads: 1, hidden: 8}
                  - reshape: [-1]
                  - sequential: [linear: 5, tanh]
                  - linear: 10
                """),
            DIGITS);
    assertThat(model.toString())
        .contains("Conv2d(1, 4")
        .contains("BatchNorm(4)")
        .contains("Linear(24, 12, bias=false)")
        .contains("LayerNorm(12)")
        .contains("MultiHeadAttention(4, heads=2, causal)")
        .contains("Linear(12, 5)")
        .contains("Linear(5, 10)");
    assertThat(withoutGradient(model, DIGITS)).isEmpty();
    assertThat(model.forward(Tensor.randn(7, 1, 8, 8)).shape().dims()).containsExactly(7, 10);
  }

  @Test
  void operationsAreLayersWithTheirAttributesAsOptions() throws IOException {
    Layer model =
        factory.make(
            layers("layers: [linear: 8, leaky_relu: 0.25, linear: 3, {clamp: {low: -1, high: 1}}]"),
            ROW);
    assertThat(model.toString()).contains("0.25");
    Tensor y = model.forward(Tensor.randn(50, 4).mul(100));
    assertThat(y.max().item()).isEqualTo(1);
    assertThat(y.min().item()).isEqualTo(-1);
  }

  @Test
  void embeddingsLookUpWholeNumbers() throws IOException {
    Layer model =
        factory.make(
            layers("layers: [{embedding: {count: 10, size: 6}}, flatten, linear: 3]"), ROW);
    Tensor y = model.forward(Tensor.of(new float[] {1, 2, 3, 9, 1, 2, 3, 9}, 2, 4));
    assertThat(y.at(0, 1)).isEqualTo(y.at(1, 1));
    assertThat(model.parameters().getFirst().shape().dims()).containsExactly(10, 6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "linaer: 3|unknown layer 'linaer'|did you mean 'linear'?",
        "sigmiod|unknown layer 'sigmiod'|did you mean 'sigmoid'?",
        "linear|missing option 'out' of linear|whole number of at least 1",
        "linear: {out: 3, biass: false}|unknown option 'biass' of linear|did you mean 'bias'?",
        "flatten: 3|layer 'flatten' takes no 3|alone",
        "conv2d: 4|layer 'conv2d' does not fit its input of shape [4]|[channels, height, width]",
        "dropout: 1.5|'dropout.p' must be a number|got 1.5",
        "reshape: [5]|layer 'reshape' does not fit its input of shape [4]|5",
        "add|layer 'add' does not fit its input of shape [4]|add",
        "clamp: {low: a}|'clamp.low' must be a number, got text 'a'|net.yaml:3",
        "clamp: {lo: 2}|unknown option 'lo' of clamp|options here: low, high",
        "residual: [linear: 5]|layer 'residual' does not fit its input of shape [4]|5",
        "residual|layer 'residual' needs a list of layers|[linear: 64, relu]",
        "attention: 3|layer 'attention' does not fit its input of shape [4]|[positions, size]"
      })
  void aLayerThatDoesNotFitIsNamedWithItsLine(String layer, String what, String how)
      throws IOException {
    ModelSpec spec = layers("layers:\n  - relu\n  - " + layer + "\n  - linear: 3\n");
    InputException e = failure(() -> factory.make(spec, ROW));
    assertThat(e).hasMessageContaining(what).hasMessageContaining(how);
    assertThat(e.place()).hasValueSatisfying(p -> assertThat(p.line()).isEqualTo(3));
  }

  @Test
  void aModelThatAnswersInAnotherShapeIsRefused() throws IOException {
    ModelSpec spec = layers("layers:\n  - linear: 5\n");
    assertThat(failure(() -> factory.make(spec, ROW)))
        .hasMessageContaining("the model answers a batch of 2 samples with the shape [2, 5]")
        .hasMessageContaining("expected [2, 3]: one number for each class")
        .hasMessageContaining("net.yaml");
    ModelSpec images = layers("input: [1, 28, 28]\nlayers: [flatten, linear: 10]\n");
    assertThat(failure(() -> factory.make(images, DIGITS)))
        .hasMessageContaining("for samples of [1, 28, 28], the data has [1, 8, 8]");
    assertThat(factory.make(images, FASHION).parameterCount()).isEqualTo(7850);
  }
}
