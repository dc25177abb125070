package dev.autograd.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Tensor;
import dev.autograd.nn.Layer;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.config.ConfigLayers;
import dev.autograd.train.config.ConfigLayers.Resolved;
import dev.autograd.train.data.Dataset;
import dev.autograd.train.run.RunDirectory;
import dev.autograd.train.run.RunRecord;
import dev.autograd.train.run.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TrainerTest {
  private static final OpRegistry REGISTRY = OpRegistry.load();

  @TempDir Path folder;

  private static Resolved config(String... assignments) {
    ConfigLayers layers = new ConfigLayers().set("data=digits");
    for (String a : assignments) {
      layers.set(a);
    }
    return layers.resolve();
  }

  private Trainer start(String name, TrainListener listener, Resolved resolved) {
    RunDirectory run = RunDirectory.createAt(folder.resolve(name));
    RunRecord record =
        RunRecord.starting(
            name, List.of("train"), Map.of(), resolved.config().seed(), 1, "test", Instant.EPOCH);
    return Trainer.start(resolved, run, record, REGISTRY, listener);
  }

  private RunDirectory run(String name) {
    return RunDirectory.open(folder.resolve(name));
  }

  @Test
  void the_default_run_reads_digits() {
    Trainer.Result result = start("digits", TrainListener.none(), config()).run();
    assertThat(result.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(result.test()).isNotNull();
    assertThat(result.test().values().get("accuracy")).isGreaterThan(0.97);
    assertThat(run("digits").record().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run("digits").metricsCsv()).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "mlp", "cnn", "transformer"})
  void every_named_model_learns(String model) {
    List<Double> losses = new ArrayList<>();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void epoch(dev.autograd.train.metrics.EpochRecord measured, int epochs) {
            losses.add(measured.values().get("loss"));
          }
        };
    start(model, listener, config("model=" + model, "train.epochs=2")).run();
    assertThat(losses).hasSize(2);
    assertThat(losses.get(1)).isLessThan(losses.get(0));
  }

  @Test
  void a_run_stopped_inside_an_epoch_goes_on_to_the_same_bits() {
    Resolved config = config("train.epochs=3", "model={type: mlp, hidden: [16], dropout: 0.2}");
    Trainer whole = start("whole", TrainListener.none(), config);
    whole.run();

    AtomicReference<@Nullable Trainer> trainer = new AtomicReference<>();
    TrainListener stopper =
        new TrainListener() {
          @Override
          public void batch(Progress p) {
            if (p.epoch() == 2 && p.batch() == 7) {
              trainer.get().stop();
            }
          }
        };
    trainer.set(start("parts", stopper, config));
    assertThat(trainer.get().run().status()).isEqualTo(RunStatus.INTERRUPTED);
    Trainer rest = Trainer.resume(config, run("parts"), REGISTRY, TrainListener.none());
    assertThat(rest.run().status()).isEqualTo(RunStatus.FINISHED);

    assertThat(last("parts")).isEqualTo(last("whole"));
    assertThat(rest.model().state().keySet()).isEqualTo(whole.model().state().keySet());
    rest.model()
        .state()
        .forEach(
            (name, t) ->
                assertThat(t.toFloatArray())
                    .as(name)
                    .containsExactly(whole.model().state().get(name).toFloatArray()));
  }

  private String last(String name) {
    List<Double> losses = new ArrayList<>();
    dev.autograd.train.metrics.History.read(run(name).metricsFile())
        .epochs()
        .forEach(e -> losses.add(e.values().get("loss")));
    return losses.toString();
  }

  @Test
  void a_loss_that_is_no_number_stops_before_the_step_and_keeps_the_checkpoint() throws Exception {
    Trainer first = start("nan", TrainListener.none(), config("train.epochs=1"));
    first.run();
    byte[] good = Files.readAllBytes(run("nan").checkpoints().resolve("last.safetensors"));
    Resolved wild = config("train.epochs=9", "optimizer={type: sgd, lr: 1e30}");
    Trainer diverging = start("wild", TrainListener.none(), wild);
    assertThatThrownBy(diverging::run).isInstanceOf(DivergedException.class);
    assertThat(run("wild").record().status()).isEqualTo(RunStatus.FAILED);
    assertThat(Files.readAllBytes(run("nan").checkpoints().resolve("last.safetensors")))
        .isEqualTo(good);
  }

  @Test
  void a_trained_model_answers_as_it_was_measured() {
    Trainer trainer = start("answers", TrainListener.none(), config("train.epochs=2"));
    trainer.run();
    TrainedModel trained = TrainedModel.load(run("answers"), REGISTRY);
    Dataset test = trained.split("test");
    List<TrainedModel.Prediction> answers = new ArrayList<>();
    trained.predict(test, answers::add);
    assertThat(answers).hasSize(test.size());
    assertThat(answers.getFirst().probabilities()).hasSize(10);
    Evaluator.Result measured = Evaluator.evaluate(trained.model(), test, trained.config().loss());
    assertThat(measured.values().get("accuracy")).isGreaterThan(0.8);
  }

  @Test
  void a_java_source_with_control_flow_trains_and_loads_from_the_run() throws Exception {
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
                for (int i = 0; h.norm().item() > 100 && i < 3; i++) {
                  h = h.mul(0.5);
                }
                return output.forward(h);
              }
            }
            """);
    start("java", TrainListener.none(), config("train.epochs=1", "model=" + source)).run();
    Files.delete(source);
    Layer loaded = TrainedModel.load(run("java"), REGISTRY).model();
    assertThat(loaded.forward(Tensor.zeros(2, 1, 8, 8)).shape().dims()).containsExactly(2, 10);
  }
}
