package dev.autograd.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.Tensor;
import dev.autograd.nn.Layer;
import dev.autograd.train.config.ConfigLayers.Resolved;
import dev.autograd.train.data.Dataset;
import dev.autograd.train.metrics.EpochRecord;
import dev.autograd.train.run.MetricsLog;
import dev.autograd.train.run.RunDirectory;
import dev.autograd.train.run.RunRecord;
import dev.autograd.train.run.RunStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  @TempDir Path folder;
  private TestRuns runs;

  @BeforeEach
  void runs() {
    runs = new TestRuns(folder);
  }

  @Test
  void theDefaultRunReadsDigits() {
    Trainer.Result result = runs.run("digits");
    assertThat(result.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(result.test()).isNotNull();
    assertThat(result.test().values().get("accuracy")).isGreaterThan(0.97);
    RunDirectory run = runs.open("digits");
    assertThat(run.record().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.metricsCsv()).content().startsWith("kind,epoch,step,seconds,loss,accuracy");
    assertThat(run.configFile()).content().contains("epochs: 30");
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "mlp", "cnn", "transformer"})
  void everyNamedModelLearnsImages(String model) {
    runs.run("run", "model=" + model, "train.epochs=2");
    List<EpochRecord> epochs = runs.epochs("run");
    assertThat(epochs.get(1).values().get("loss")).isLessThan(epochs.get(0).values().get("loss"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "mlp", "transformer"})
  void everyNamedModelButTheConvolutionLearnsTables(String model) {
    runs.run("run", "data=moons", "model=" + model, "train.epochs=3");
    List<EpochRecord> epochs = runs.epochs("run");
    assertThat(epochs.get(2).values().get("loss")).isLessThan(epochs.get(0).values().get("loss"));
  }

  @ParameterizedTest
  @CsvSource({"sgd", "adam", "adamw"})
  void everyOptimizerLearnsWithItsOwnDefaults(String optimizer) {
    Trainer.Result result =
        runs.run("run", "optimizer=" + optimizer, "model=linear", "train.epochs=8");
    assertThat(result.test()).isNotNull();
    assertThat(result.test().values().get("accuracy")).isGreaterThan(0.9);
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherSeedOthers() {
    String[] config = {"train.epochs=1", "model={type: mlp, hidden: [16], dropout: 0.1}"};
    runs.run("a", config);
    runs.run("b", config);
    runs.run("c", config[0], config[1], "seed=43");
    assertThat(runs.weights("a")).isEqualTo(runs.weights("b"));
    assertThat(runs.weights("a")).isNotEqualTo(runs.weights("c"));
  }

  @Test
  void preparingTwoRunsAtOnceMixesNothing() {
    Resolved config = TestRuns.config("train.epochs=1", "model={type: mlp, dropout: 0.2}");
    Trainer a = runs.start("a", TrainListener.none(), config);
    Trainer b = runs.start("b", TrainListener.none(), config);
    a.run();
    b.run();
    assertThat(runs.weights("a")).isEqualTo(runs.weights("b"));
  }

  @Test
  void severalBatchesMakeTheStepOfOneLargeBatch() {
    String[] config = {"train.epochs=1", "train.shuffle=false", "model=linear"};
    Trainer.Result large = runs.run("large", config[0], config[1], config[2], "train.batchSize=96");
    Trainer.Result small =
        runs.run(
            "small", config[0], config[1], config[2], "train.batchSize=32", "train.accumulate=3");
    assertThat(small.steps()).isEqualTo(large.steps());
    Layer a = TrainedModel.load(runs.open("large"), TestRuns.REGISTRY).model();
    Layer b = TrainedModel.load(runs.open("small"), TestRuns.REGISTRY).model();
    Tensor x = Tensor.ones(1, 1, 8, 8);
    assertThat(b.forward(x).sub(a.forward(x)).abs().max().item()).isLessThan(1e-4);
  }

  @Test
  void clippedGradientsMoveTheWeightsNoFurtherThanTheLimitAllows() {
    String[] config = {
      "train.epochs=1",
      "train.batchSize=2000",
      "model=linear",
      "optimizer={type: sgd, lr: 1, momentum: 0}",
      "schedule=constant"
    };
    Trainer trainer =
        runs.start(
            "clipped",
            TrainListener.none(),
            TestRuns.config(
                config[0], config[1], config[2], config[3], config[4], "train.gradClip=0.01"));
    List<float[]> before = trainer.model().parameters().stream().map(Tensor::toFloatArray).toList();
    trainer.run();
    double moved = 0;
    List<Tensor> after = trainer.model().parameters();
    for (int i = 0; i < before.size(); i++) {
      float[] now = after.get(i).toFloatArray();
      for (int j = 0; j < now.length; j++) {
        moved += Math.pow(now[j] - before.get(i)[j], 2);
      }
    }
    assertThat(Math.sqrt(moved)).isBetween(0.0099, 0.0101);
  }

  @Test
  void aLineOfMetricsStandsForEverySoManySteps() {
    runs.run("logged", "train.epochs=1", "model=linear", "train.logEvery=10");
    assertThat(MetricsLog.read(runs.open("logged").metricsFile()))
        .extracting(line -> line.get("kind"))
        .containsExactly("step", "step", "step", "step", "epoch");
  }

  @Test
  void aTableWithANumberToPredictIsARegression() throws IOException {
    StringBuilder csv = new StringBuilder("x,colour,price\n");
    for (int i = 0; i < 200; i++) {
      double x = i % 40;
      boolean red = i % 3 == 0;
      csv.append("%s,%s,%s%n".formatted(x, red ? "red" : "blue", 1000 + 50 * x + (red ? 300 : 0)));
    }
    Path file = Files.writeString(folder.resolve("prices.csv"), csv);
    Trainer.Result result =
        runs.run("prices", "data=" + file, "data.testSplit=0.2", "optimizer.lr=0.01");
    assertThat(result.test()).isNotNull();
    assertThat(result.test().values().get("r2")).isGreaterThan(0.99);
    assertThat(result.test().values().get("rmse")).isLessThan(60);

    TrainedModel trained = TrainedModel.load(runs.open("prices"), TestRuns.REGISTRY);
    List<TrainedModel.Prediction> answers = new ArrayList<>();
    trained.predict(stream("colour,x\nblue,10\nred,10\n"), Place.of("<stdin>"), ',', answers::add);
    assertThat(answers.get(0).value()).isBetween(1400.0, 1600.0);
    assertThat(answers.get(1).value()).isBetween(1700.0, 1900.0);
    assertThat(answers.get(1).row()).isEqualTo(1);
    assertThat(answers.get(1).label()).isEmpty();
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void rowsAreAnsweredWhileTheyArriveAndAWrongOneIsNamed() {
    runs.run("moons", "data=moons", "train.epochs=1");
    TrainedModel trained = TrainedModel.load(runs.open("moons"), TestRuns.REGISTRY);
    StringBuilder rows = new StringBuilder("x,y\n");
    rows.repeat("0.5,0.25\n", 600).append("0.5,oops\n");
    List<TrainedModel.Prediction> answers = new ArrayList<>();
    InputException e =
        catchThrowableOfType(
            InputException.class,
            () -> trained.predict(stream(rows.toString()), Place.of("<stdin>"), ',', answers::add));
    assertThat(e).hasMessageContaining("<stdin>:602").hasMessageContaining("oops");
    assertThat(answers).hasSizeGreaterThanOrEqualTo(512);
    assertThat(answers.get(511).row()).isEqualTo(511);
    assertThat(answers.get(511).probabilities()).isEqualTo(answers.get(0).probabilities());
  }

  @Test
  void lossesOtherThanTheUsualLearnToo() throws IOException {
    StringBuilder csv = new StringBuilder("x,y\n");
    for (int i = 0; i < 100; i++) {
      csv.append("%d,%d.5%n".formatted(i, 3 * i));
    }
    Path file = Files.writeString(folder.resolve("line.csv"), csv);
    for (String loss : List.of("l1", "{type: huber, delta: 0.5}")) {
      String name = loss.replaceAll("\\W", "");
      runs.run(name, "data=" + file, "loss=" + loss, "model=linear", "optimizer.lr=0.05");
      List<EpochRecord> epochs = runs.epochs(name);
      assertThat(epochs.getLast().values().get("loss"))
          .isLessThan(0.2 * epochs.getFirst().values().get("loss"));
    }
    assertThatThrownBy(() -> runs.run("wrong", "data=" + file, "loss=crossEntropy"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not fit the target 'y', which is a number");
  }

  @Test
  void labelSmoothingRaisesTheLeastLoss() {
    runs.run("sharp", "model=linear", "train.epochs=3");
    runs.run(
        "smooth",
        "model=linear",
        "train.epochs=3",
        "loss={type: crossEntropy, labelSmoothing: 0.3}");
    assertThat(runs.epochs("smooth").getLast().values().get("loss"))
        .isGreaterThan(runs.epochs("sharp").getLast().values().get("loss"));
  }

  @ParameterizedTest
  @CsvSource({
    "'{type: step, stepSize: 1, gamma: 0.5}', 0.25",
    "'{type: exponential, gamma: 0.5}', 0.25",
    "constant, 1",
    "'{type: linear, endFactor: 0.5}', 0.504",
    "'{type: cosine, minLr: 0.0003}', 0.1001"
  })
  void theRateFollowsTheSchedule(String schedule, double factor) {
    runs.run("run", "model=linear", "train.epochs=3", "schedule=" + schedule);
    assertThat(runs.epochs("run").getLast().values().get("lr"))
        .isCloseTo(0.003 * factor, org.assertj.core.api.Assertions.withinPercentage(1));
  }

  @Test
  void aBatchThatTheDataCannotFillIsRefused() {
    Resolved config = TestRuns.config("train.batchSize=5000", "train.dropLast=true");
    assertThatThrownBy(() -> Preparation.of(config, TestRuns.REGISTRY))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1297 training samples make no batch of 5000")
        .hasMessageContaining("--set train.batchSize=5000");
  }

  @Test
  void whatIsWrongShowsBeforeThereIsARun() {
    assertThatThrownBy(
            () ->
                Preparation.of(
                    TestRuns.config("model={layers: [flatten, liner: 10]}"), TestRuns.REGISTRY))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("unknown layer 'liner'")
        .hasMessageContaining("did you mean 'linear'?");
    Preparation prepared = Preparation.of(TestRuns.config("model=linear"), TestRuns.REGISTRY);
    assertThat(prepared.model().parameterCount()).isEqualTo(650);
    assertThat(prepared.data().test().size()).isEqualTo(355);
    RunDirectory run = RunDirectory.createAt(folder.resolve("prepared"));
    RunRecord record =
        RunRecord.starting("prepared", List.of(), Map.of(), 42, 1, "test", Instant.EPOCH);
    assertThat(Trainer.start(prepared, run, record, TrainListener.none()).run().status())
        .isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void aTrainedModelAnswersAsItWasMeasured() {
    Trainer.Result result = runs.run("answers", "train.epochs=2");
    TrainedModel trained = TrainedModel.load(runs.open("answers"), TestRuns.REGISTRY);
    Dataset test = trained.split("test");
    List<TrainedModel.Prediction> answers = new ArrayList<>();
    trained.predict(test, answers::add);
    assertThat(answers).hasSize(test.size());
    assertThat(answers.getFirst().probabilities()).hasSize(10);
    assertThat(answers.getFirst().probabilities().stream().mapToDouble(p -> p).sum())
        .isCloseTo(1, org.assertj.core.api.Assertions.within(1e-6));
    assertThat(result.test()).isNotNull();
    assertThat(trained.evaluate(test).values()).isEqualTo(result.test().values());
    TrainedModel file =
        TrainedModel.load(runs.checkpoint("answers", "last.safetensors"), TestRuns.REGISTRY);
    assertThat(file.checkpoint().getFileName()).hasToString("last.safetensors");
    assertThat(file.shape().outputs()).isEqualTo(10);
  }

  @Test
  void aRunWithoutACheckpointHasNoModelYet() throws IOException {
    runs.runUntil(1, 1, "young", "model=linear");
    Files.delete(runs.checkpoint("young", "last.safetensors"));
    assertThatThrownBy(() -> TrainedModel.load(runs.open("young"), TestRuns.REGISTRY))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no checkpoint yet")
        .hasMessageContaining("--resume young");
  }

  @Test
  void aJavaModelTrainsResumesAndLoadsFromTheRunAlone() throws IOException {
    Path source =
        Files.writeString(
            folder.resolve("Net.java"),
            """
            import dev.autograd.Tensor;
            import dev.autograd.nn.*;

            public class Net extends Layer {
              private final Linear hidden;
              private final Linear output;

              public Net(int inputs, int outputs) {
                hidden = child("hidden", new Linear(inputs, 32));
                output = child("output", new Linear(32, outputs));
              }

              @Override
              public Tensor forward(Tensor x) {
                Tensor h = hidden.forward(x.flatten(1, -1)).relu();
                for (int i = 0; h.norm().item() > 10 && i < 3; i++) {
                  h = h.mul(0.5);
                }
                return h.mean().item() > 0 ? output.forward(h) : output.forward(h.neg());
              }
            }
            """);
    String[] config = {"train.epochs=2", "model=" + source};
    runs.run("whole", config);
    runs.runUntil(1, 5, "java", config);
    assertThat(runs.open("java").configFile()).content().contains("java: Net.java");
    Files.delete(source);
    Path moved = Files.move(folder.resolve("java"), folder.resolve("elsewhere"));
    runs.resume("elsewhere").run();
    assertThat(runs.weights("elsewhere")).isEqualTo(runs.weights("whole"));
    Layer loaded = TrainedModel.load(RunDirectory.open(moved), TestRuns.REGISTRY).model();
    assertThat(loaded.forward(Tensor.zeros(2, 1, 8, 8)).shape().dims()).containsExactly(2, 10);
  }
}
