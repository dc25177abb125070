package dev.autograd.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.train.checkpoint.Checkpoint;
import dev.autograd.train.run.RunRecord;
import dev.autograd.train.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The ways in which training ends before its last epoch.
class StoppingTest {
  @TempDir Path folder;
  private TestRuns runs;

  @BeforeEach
  void runs() {
    runs = new TestRuns(folder);
  }

  private DivergedException diverging(String name, String... assignments) {
    Trainer trainer = runs.start(name, TrainListener.none(), TestRuns.config(assignments));
    DivergedException e = catchThrowableOfType(DivergedException.class, trainer::run);
    assertThat(e).isNotNull();
    RunRecord record = runs.open(name).record();
    assertThat(record.status()).isEqualTo(RunStatus.FAILED);
    assertThat(record.failure()).isEqualTo(e.getMessage());
    return e;
  }

  @Test
  void aLossThatIsNoNumberStopsBeforeAnythingIsWritten() {
    DivergedException e = diverging("wild", "optimizer={type: sgd, lr: 1e30}");
    assertThat(e.epoch()).isEqualTo(1);
    assertThat(e.step()).isPositive().isLessThan(10);
    assertThat(Double.isFinite(e.loss())).isFalse();
    assertThat(e.checkpoint()).isEmpty();
    assertThat(runs.checkpoint("wild", "last.safetensors")).doesNotExist();
    assertThat(runs.epochs("wild")).isEmpty();
  }

  @Test
  void theLastGoodCheckpointIsKeptAndNamed() throws IOException {
    // The rate "falls" by a factor of 1e45 after the first epoch.
    String[] config = {
      "optimizer={type: sgd, lr: 0.01, momentum: 0}",
      "schedule={type: step, stepSize: 1, gamma: 1e45}",
      "model=linear",
      "train.epochs=3"
    };
    DivergedException e = diverging("late", config);
    assertThat(e.epoch()).isEqualTo(2);
    Path last = runs.checkpoint("late", "last.safetensors");
    assertThat(e.checkpoint()).contains(last);
    assertThat(e).hasMessageContaining(last.toString());
    assertThat(Checkpoint.read(last).state().toString()).contains("\"epoch\":1");
    assertThat(runs.epochs("late")).hasSize(1);
  }

  @Test
  void weightsThatAreNoNumbersNeverReachACheckpoint() throws IOException {
    // One batch an epoch: the loss is finite before the only step, which blows the weights up.
    DivergedException e =
        diverging(
            "weights",
            "optimizer={type: sgd, lr: 1e45, momentum: 0}",
            "model=linear",
            "train.batchSize=2000",
            "train.epochs=2");
    assertThat(e).hasMessageContaining("a weight is no longer finite in epoch 1");
    assertThat(e.loss()).isFinite();
    assertThat(runs.checkpoint("weights", "best.safetensors")).doesNotExist();
  }

  @Test
  void patienceEndsTrainingAndTheBestModelIsTested() {
    List<String> messages = new ArrayList<>();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void message(String text) {
            messages.add(text);
          }
        };
    Trainer.Result result =
        runs.start(
                "tired",
                listener,
                TestRuns.config(
                    "train.patience=2", "train.epochs=500", "model=linear", "schedule=constant"))
            .run();
    assertThat(result.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(result.epochs()).isLessThan(500);
    assertThat(messages).singleElement().asString().contains("val_loss did not improve for 2");
    RunRecord.Best best = runs.open("tired").record().best();
    assertThat(best).isNotNull();
    assertThat(best.epoch()).isEqualTo(result.epochs() - 2);
    assertThat(best.value())
        .isEqualTo(runs.epochs("tired").get(best.epoch() - 1).values().get("val_loss"));
    assertThat(result.test()).isNotNull();
    TrainedModel trained = TrainedModel.load(runs.open("tired"), TestRuns.REGISTRY);
    assertThat(trained.evaluate(trained.split("test")).values()).isEqualTo(result.test().values());
  }

  @Test
  void theTimeEndsTrainingInsideAnEpochAndTheRunCanGoOn() {
    Trainer.Result result = runs.run("short", "train.maxTime=0.05s", "train.epochs=100000");
    assertThat(result.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(result.epochs()).isLessThan(100000);
    assertThat(result.test()).isNotNull();
    long steps = result.steps();
    Trainer.Result more = runs.resume("short", "train.maxTime=0.1s").run();
    assertThat(more.steps()).isGreaterThan(steps);
  }

  @Test
  void aStopBeforeTheFirstBatchIsHeardAfterIt() throws IOException {
    Trainer trainer = runs.start("early", TrainListener.none(), TestRuns.config());
    trainer.stop();
    Trainer.Result result = trainer.run();
    assertThat(result.status()).isEqualTo(RunStatus.INTERRUPTED);
    assertThat(result.steps()).isEqualTo(1);
    assertThat(Files.readString(runs.open("early").path().resolve("log.txt")))
        .contains("stopped in epoch 1 after batch 1");
  }

  @Test
  void progressTellsRateAndTimeLeft() {
    List<TrainListener.Progress> seen = new ArrayList<>();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void batch(Progress p) {
            seen.add(p);
          }
        };
    runs.start("seen", listener, TestRuns.config("train.epochs=2", "model=linear")).run();
    assertThat(seen).hasSize(2 * 41);
    assertThat(seen.getFirst().batch()).isEqualTo(1);
    assertThat(seen.getFirst().learningRate()).isEqualTo(0.003);
    assertThat(seen.getLast().secondsLeft()).isZero();
    assertThat(seen.get(40).secondsLeft()).isPositive();
    assertThat(seen).allSatisfy(p -> assertThat(p.samplesPerSecond()).isPositive());
  }
}
