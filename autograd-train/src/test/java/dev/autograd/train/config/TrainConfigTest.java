package dev.autograd.train.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.data.CsvOptions;
import dev.autograd.train.data.DataSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainConfigTest {
  private static final String FULL =
      """
      schema: 1
      seed: 7
      name: iris run
      data: {type: csv, path: iris.csv, label: species, drop: [id], valSplit: 0.2}
      model:
        layers:
          - linear: 32
          - relu
          - dropout: {p: 0.1}
          - residual: [linear: 32, relu]
      loss: {type: crossEntropy, labelSmoothing: 0.1}
      optimizer: {type: sgd, lr: 1e-2, momentum: .9, nesterov: true}
      schedule: {type: cosine, warmup: 100}
      train: {epochs: 40, batchSize: 32, gradClip: 1, patience: 8, maxTime: 1h30m}
      outputs: {dir: out}
      """;

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), text);
  }

  private ConfigLayers.Resolved resolve(String text) throws IOException {
    return new ConfigLayers().file(file(text)).resolve();
  }

  private static InputException failure(ThrowingLayers layers) {
    InputException e = catchThrowableOfType(InputException.class, () -> layers.make().resolve());
    assertThat(e).isNotNull();
    assertThat(e.exitCode()).isEqualTo(2);
    return e;
  }

  private interface ThrowingLayers {
    ConfigLayers make() throws IOException;
  }

  private static ConfigLayers text(String yaml) {
    return new ConfigLayers().text(yaml, Place.of(Path.of("a.yaml")));
  }

  @Test
  void allThatIsSaidIsRead() throws IOException {
    TrainConfig c = resolve(FULL).config();
    assertThat(c.seed()).isEqualTo(7);
    assertThat(c.name()).isEqualTo("iris run");
    assertThat(c.data().spec())
        .isEqualTo(
            new DataSpec.Csv(
                folder.resolve("iris.csv"),
                new CsvOptions("species", null, List.of("id"), List.of(), ',')));
    assertThat(c.data().valSplit()).isEqualTo(0.2);
    assertThat(((ModelSpec.Layers) c.model()).layers())
        .extracting(LayerSpec::name)
        .containsExactly("linear", "relu", "dropout", "residual");
    assertThat(c.loss().number("labelSmoothing")).isEqualTo(0.1);
    assertThat(c.optimizer().type()).isEqualTo("sgd");
    assertThat(c.optimizer().number("momentum")).isEqualTo(0.9);
    assertThat(c.schedule().integer("warmup")).isEqualTo(100);
    assertThat(c.train().epochs()).isEqualTo(40);
    assertThat(c.train().gradClip()).isEqualTo(1.0);
    assertThat(c.train().patience()).isEqualTo(8);
    assertThat(c.train().maxTime()).isEqualTo(Duration.ofMinutes(90));
    assertThat(c.outputs().dir()).isEqualTo(folder.resolve("out"));
  }

  @Test
  void dataAloneIsEnough() {
    TrainConfig c = text("data: digits").resolve().config();
    assertThat(c.seed()).isEqualTo(42);
    assertThat(c.optimizer().type()).isEqualTo("adamw");
    assertThat(c.optimizer().number("lr")).isEqualTo(0.003);
    assertThat(c.optimizer().number("weightDecay")).isEqualTo(0.01);
    assertThat(c.loss().type()).isEqualTo("auto");
    assertThat(c.model()).isInstanceOf(ModelSpec.Named.class);
    assertThat(c.train().gradClip()).isNull();
    assertThat(c.train().maxTime()).isNull();
    assertThat(c.outputs().dir()).isNull();
  }

  @Test
  void defaultsSuitTheDataAndTheOptimizerAndLieBelowAllThatIsSaid() throws IOException {
    Files.createDirectory(folder.resolve("images"));
    ConfigLayers.Resolved images = resolve("data: images");
    assertThat(images.config().train().batchSize()).isEqualTo(64);
    assertThat(images.config().train().epochs()).isLessThan(10);
    assertThat(images.config().optimizer().type()).isEqualTo("adamw");
    assertThat(images.toYamlWithSources()).containsPattern("batchSize: 64 +# default for idx");
    TrainConfig sgd =
        text("data: digits\noptimizer: {type: sgd, nesterov: true}").resolve().config();
    assertThat(sgd.optimizer().number("lr")).isEqualTo(0.05);
    assertThat(sgd.optimizer().number("momentum")).isEqualTo(0.9);
    TrainConfig both = resolve("data: images\noptimizer: sgd").config();
    assertThat(both.optimizer().number("lr")).isEqualTo(0.05);
    TrainConfig said =
        new ConfigLayers()
            .file(file("data: images\ntrain: {epochs: 50}"))
            .set("optimizer.lr=0.5")
            .flag("--batch-size", "train.batchSize", "7")
            .resolve()
            .config();
    assertThat(said.train().epochs()).isEqualTo(50);
    assertThat(said.train().batchSize()).isEqualTo(7);
    assertThat(said.optimizer().number("lr")).isEqualTo(0.5);
    ConfigLayers.Resolved again = text(images.toYaml()).resolve();
    assertThat(again.toYaml()).isEqualTo(images.toYaml());
  }

  @Test
  void aRunThatGoesOnMayDifferInFreeKeysOnly() throws IOException {
    ConfigLayers.Resolved first = resolve(FULL);
    ConfigLayers.Resolved longer =
        new ConfigLayers().file(file(FULL)).set("train.epochs=99").resolve();
    longer.requireSame(first, Set.of("train.epochs"));
    resolve(FULL + "\n# the same, elsewhere").requireSame(first, Set.of());
    InputException e =
        catchThrowableOfType(
            InputException.class, () -> longer.requireSame(first, Set.of("outputs", "name")));
    assertThat(e)
        .hasMessageContaining(
            "'train.epochs' cannot change when a run goes on: it was 40, now it is 99")
        .hasMessageContaining("in --set train.epochs=99")
        .hasMessageContaining("These may change: name, outputs.");
    ConfigLayers.Resolved deeper =
        new ConfigLayers().file(file(FULL)).set("model={layers: [linear: 33]}").resolve();
    assertThat(
            catchThrowableOfType(
                InputException.class, () -> deeper.requireSame(first, Set.of("train.epochs"))))
        .hasMessageContaining("'model' cannot change");
  }

  @Test
  void theResolvedFileGivesTheSameConfigurationAgainFromAnyFolder() throws IOException {
    ConfigLayers.Resolved first =
        new ConfigLayers()
            .file(file(FULL))
            .set("name='2024: \"quoted\" # no remark'")
            .set("data.target=null")
            .resolve();
    Path copy = folder.resolve("runs/x/config.yaml");
    Files.createDirectories(copy.getParent());
    Files.writeString(copy, first.toYaml());
    ConfigLayers.Resolved second = new ConfigLayers().file(copy).resolve();
    assertThat(second.toYaml()).isEqualTo(first.toYaml());
    assertThat(second.config().name()).isEqualTo("2024: \"quoted\" # no remark");
    assertThat(second.config().optimizer()).isEqualTo(first.config().optimizer());
    assertThat(second.config().data()).isEqualTo(first.config().data());
    assertThat(first.toYaml()).contains("epochs: 40").contains("# passes over the training data");
  }

  @Test
  void everyKindOfDataAndModelSurvivesTheResolvedFile() throws IOException {
    Files.writeString(folder.resolve("Net.java"), "class Net {}");
    Files.writeString(
        folder.resolve("net.yaml"), "layers:\n- conv2d: {out: 8, kernel: [3, 3]}\n- a b\n");
    Files.createDirectory(folder.resolve("images"));
    for (String config :
        List.of(
            "data: digits\nmodel: {type: cnn, channels: [8, 16], name: '1e3'}",
            "data: {type: moons, noise: 0.25}\nmodel: net.yaml",
            "data: 'spirals:?samples=40'\nmodel: Net.java",
            "data: images\n"
                + "model: {class: com.acme.Net, args: {deep: {deeper: [[1, 2], []]}, none:"
                + " null}}")) {
      ConfigLayers.Resolved first = resolve(config);
      String again = text(first.toYaml()).resolve().toYaml();
      assertThat(again).isEqualTo(first.toYaml());
    }
  }

  @Test
  void layersLieOverEachOtherInTheirOrder() throws IOException {
    Path second = Files.writeString(folder.resolve("b.yaml"), "optimizer: {lr: 0.2}\nseed: 2\n");
    ConfigLayers.Resolved r =
        new ConfigLayers()
            .flag("--seed", "seed", "4")
            .set("seed=3")
            .set("train.epochs=5")
            .file(file("data: digits\nseed: 1\noptimizer: {type: sgd, lr: 0.1, momentum: 0.5}\n"))
            .file(second)
            .resolve();
    assertThat(r.config().seed()).isEqualTo(4);
    assertThat(r.config().optimizer().number("lr")).isEqualTo(0.2);
    assertThat(r.config().optimizer().number("momentum")).isEqualTo(0.5);
    assertThat(r.sources().get("seed")).hasToString("--seed 4");
    assertThat(r.sources().get("train.epochs")).hasToString("--set train.epochs=5");
    assertThat(r.sources().get("optimizer.lr")).hasToString(second + ":1:17");
    assertThat(r.sources().get("train.batchSize")).hasToString("default");
    ConfigLayers.Resolved torn = text("data: digits").set("name=\"a\n  b\"").resolve();
    assertThat(text(torn.toYamlWithSources()).resolve().toYaml()).isEqualTo(torn.toYaml());
    assertThat(r.toYamlWithSources()).containsPattern("lr: 0\\.2 +# .*b\\.yaml:1:17");
  }

  @Test
  void anotherTypeKeepsTheKeysThatItHasToo() {
    TrainConfig c =
        text("data: {type: moons, samples: 50, valSplit: 0.3}\n"
                + "optimizer: {type: sgd, lr: 0.5, momentum: 0.9}")
            .flag("--data", "data", "digits")
            .set("optimizer=adam")
            .resolve()
            .config();
    assertThat(c.data().spec()).isEqualTo(new DataSpec.Digits());
    assertThat(c.data().valSplit()).isEqualTo(0.3);
    assertThat(c.optimizer().type()).isEqualTo("adam");
    assertThat(c.optimizer().number("lr")).isEqualTo(0.5);
    Settings second =
        text("data: digits\noptimizer: {type: adam, beta1: 0.8}")
            .set("optimizer.type=adamw")
            .resolve()
            .config()
            .optimizer();
    assertThat(second.type()).isEqualTo("adamw");
    assertThat(second.number("beta1")).isEqualTo(0.8);
  }

  @Test
  void whatAFlagChoosesASettingChanges() {
    ModelSpec.Named cnn =
        (ModelSpec.Named)
            new ConfigLayers()
                .choice("--model", "model", "cnn")
                .set("model.channels=[4]")
                .resolve()
                .config()
                .model();
    assertThat(cnn.type()).isEqualTo("cnn");
    assertThat(cnn.options().names()).containsExactly("channels");
    assertThat(
            text("optimizer: {type: adam, lr: 0.1}")
                .choice("--optimizer", "optimizer", "sgd")
                .set("optimizer.momentum=0.5")
                .resolve()
                .config()
                .optimizer()
                .number("momentum"))
        .isEqualTo(0.5);
  }

  @Test
  void nothingSaidMeansTheEmbeddedDigits() {
    ConfigLayers.Resolved silent = new ConfigLayers().resolve();
    assertThat(silent.config().data().spec()).isEqualTo(new DataSpec.Digits());
    assertThat(silent.toYaml()).isEqualTo(text("data: digits").resolve().toYaml());
  }

  @Test
  void aKeyOfASectionMayBeSetWithoutItsType() {
    assertThat(text("data: digits\noptimizer: {lr: 0.1}").resolve().config().optimizer().type())
        .isEqualTo("adamw");
  }

  @Test
  void anOptionOfTheModelCanBeSet() {
    ModelSpec.Named model =
        (ModelSpec.Named)
            text("data: digits\nmodel: {type: mlp, hidden: [8]}")
                .set("model.hidden=[16, 4]")
                .resolve()
                .config()
                .model();
    assertThat(model.options().integers("hidden", 1)).containsExactly(16, 4);
    ModelSpec.Named usual =
        (ModelSpec.Named) text("data: digits").set("model.hidden=3").resolve().config().model();
    assertThat(usual.type()).isEqualTo("mlp");
    assertThat(usual.options().integers("hidden", 1)).containsExactly(3);
  }

  @Test
  void theErrorShowsLineSuggestionAndKeys() {
    assertThat(failure(() -> text("data: digits\n\noptimiser:\n  lr: 1e-3\n")))
        .hasMessage(
            """
            unknown key 'optimiser' in a.yaml:3:1
              3 | optimiser:
              did you mean 'optimizer'?
              keys here: schema, seed, name, data, model, loss, optimizer, schedule, train,\
             outputs\
            """);
    assertThat(failure(() -> text("data: digits\noptimizer:\n  type: sgd\n  momentun: 1e-3\n")))
        .hasMessage(
            """
            unknown key 'optimizer.momentun' of type 'sgd' in a.yaml:4:3
              4 |   momentun: 1e-3
              did you mean 'optimizer.momentum'?
              keys here: optimizer.{type,momentum,nesterov,weightDecay,lr}\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "lr: 0.1|did you mean 'optimizer.lr'?",
        "train: {epochs: ten}|'train.epochs' must be a whole number from 1 to 2147483647, got text"
            + " 'ten' in a.yaml:2:17",
        "train: {epochs: 0}|got 0",
        "train: {epochs: 1.5}|got 1.5",
        "train: {epochs: 1_000}|Write the number without '_': 1000",
        "train: {epochs: null}|got nothing",
        "train: {epochs: [1]}|got a list",
        "train: {shuffle: no}|YAML 1.2 reads 'no' as a text; write true or false.",
        "train: {maxTime: soon}|must be a time such as 90s, 10m or 1h30m",
        "train: {maxTime: 0}|must be a time",
        "train: 5|'train' must be a section with keys, got 5",
        "optimizer: {type: sgd, lr: 0}|'optimizer.lr' must be a number above 0.0, got 0",
        "optimizer: {type: sgd, lr: .nan}|got .nan",
        "optimizer: {type: sgd, momentum: 1}|must be a number of at least 0.0 and below 1.0, got 1",
        "optimizer: adm|did you mean 'adam'?",
        "optimizer: [adam]|'optimizer' must be one of sgd",
        "optimizer: {type: [1]}|unknown optimizer 'a list'",
        "optimizer: {type: adam, momentum: 0.9}|unknown key 'optimizer.momentum' of type 'adam'",
        "loss: hinge|unknown loss 'hinge' in a.yaml:2:7",
        "schema: 2|the configuration is of schema 2",
        "seed: 99999999999999999999|too large",
        "train: {patience: 3}\\ndata2: 1|unknown key 'data2'",
        "model: mpl|did you mean 'mlp'?",
        "model: {type: mlp, class: x}|'model' has both 'type' and 'class'",
        "model: {layer: [relu]}|did you mean 'layers'?",
        "model: {layers: []}|'layers' is empty",
        "model: {layers: relu}|'layers' must be a list of layers",
        "model: {layers: [{linear: null, out: 3}]}|Indent the options one step further",
        "model: {layers: [5]}|a layer must be a name, perhaps with options, got 5",
        "model: {layers: [relu], inptu: 3}|did you mean 'input'?",
        "model: {layers: [relu], input: [0]}|'model.input[0]' must be a whole number of at least 1",
        "model: Net.java|no such file",
        "model: net.yaml|no such file",
        "model: 5|'model' must be a section, a name or a file, got 5",
      })
  void wrongValuesAreNamed(String yaml, String message) {
    assertThat(failure(() -> text("data: digits\n" + yaml.replace("\\n", "\n"))))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: {type: csv}|missing 'data.path'",
        "data: {path: x}|missing 'data.type'",
        "data: {type: cvs}|did you mean 'csv'?",
        "data: digit|did you mean 'digits'?",
        "data: {type: csv, path: x, label: a, target: b}|under two names",
        "data: {type: digits, valSplit: 1}|below 1.0",
        "data: {type: digits, valSplit: 0.5, testSplit: 0.5}|leave nothing to train on",
        "{data: {type: digits, valSplit: 0}, train: {patience: 2}}|needs validation data",
        "data: {type: csv, path: ''}|must be a path",
      })
  void wrongDataIsNamed(String yaml, String message) {
    assertThat(failure(() -> text(yaml))).hasMessageContaining(message);
  }

  @Test
  void wrongSettingsAndFlagsNameThemselves() {
    assertThat(failure(() -> text("data: digits").set("optimiser.lr=1")))
        .hasMessageContaining("unknown key 'optimiser' in --set optimiser.lr=1");
    assertThat(failure(() -> text("data: digits").flag("--lr", "optimizer.lr", "fast")))
        .hasMessageContaining("got text 'fast' in --lr fast");
    assertThat(failure(() -> text("data: digits").set("train.epochs=[1")))
        .hasMessageContaining("malformed YAML");
    assertThat(failure(() -> text("data: digits").set("epochs")))
        .hasMessageContaining("malformed setting 'epochs'");
    assertThat(failure(() -> text("data: digits").set("train..epochs=1")))
        .hasMessageContaining("malformed key 'train..epochs'");
    assertThat(failure(() -> text("data: digits").set("seed.x=1")))
        .hasMessageContaining("'seed' must be a whole number, got a section");
  }

  @Test
  void everyFallbackIsAllowedByItsOwnRuleAndEveryKeyIsExplained() {
    for (String data :
        List.of("digits", "moons", "spirals", "{type: csv, path: a.csv}", "{type: idx, path: d}")) {
      text("data: " + data).resolve();
    }
    for (String section : List.of("loss", "optimizer", "schedule")) {
      Rule.Choice choice =
          (Rule.Choice) Rule.find(TrainSchema.keys(), section).orElseThrow().rule();
      for (String type : choice.variants().keySet()) {
        text("data: digits\n" + section + ": " + type).resolve();
      }
    }
    assertThat(Rule.all(TrainSchema.keys()))
        .containsKeys("optimizer.beta1", "data.target")
        .allSatisfy((path, key) -> assertThat(key.doc()).as(path).isNotBlank());
  }
}
