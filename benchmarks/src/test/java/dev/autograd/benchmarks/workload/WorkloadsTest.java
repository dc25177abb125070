package dev.autograd.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Generator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkloadsTest {
  @BeforeEach
  void seed() {
    Generator.global().manualSeed(1);
  }

  @Test
  void every_name_is_there_once() {
    assertThat(Workloads.all().map(Workload::name)).doesNotHaveDuplicates();
  }

  /// One of every kind that takes no more than about a second cold.
  static Stream<Named<Workload>> quick() {
    return Workloads.all()
        .filter(w -> w.name().matches("W1.*|W2_mlp_b64|W5_sgemm_128|W6_s.*|W6_lay.*"))
        .map(w -> Named.of(w.name(), w));
  }

  @ParameterizedTest
  @MethodSource("quick")
  void a_step_takes_a_time_for_each_metric(Workload w) {
    double[] seconds = w.setup().prepare().run();

    assertThat(seconds).hasSize(w.metrics().size());
    for (double s : seconds) {
      assertThat(s).isFinite().isPositive();
    }
  }

  static Stream<Named<Supplier<Training>>> models() {
    return Stream.of(
        Named.of("mlp", () -> Models.mlp(64)),
        Named.of("lenet", Models::lenet),
        Named.of("transformer", () -> Models.transformer(false)),
        Named.of("transformer, attention as one operation", () -> Models.transformer(true)),
        Named.of("lstm", Models::lstm));
  }

  @ParameterizedTest
  @MethodSource("models")
  void a_step_of_training_leaves_a_finite_loss_that_is_another(Supplier<Training> model) {
    Training training = model.get();
    double before = training.loss().get().item();

    training.run();

    assertThat(training.loss().get().item()).isFinite().isNotEqualTo(before);
  }
}
