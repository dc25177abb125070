package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.leafOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.profile.Profile;
import dev.autograd.profile.Profile.Order;
import dev.autograd.profile.ProfileEvent;
import dev.autograd.profile.ProfileEvent.Kind;
import dev.autograd.profile.ProfileRow;
import dev.autograd.profile.Profiler;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/// Where time and memory go.
class ProfilerTest {
  private static ProfileEvent only(Profile profile, Kind kind, String name) {
    List<ProfileEvent> found =
        profile.events().stream().filter(e -> e.kind() == kind && e.name().equals(name)).toList();
    assertThat(found).as("%s %s in %s", kind, name, profile.events()).hasSize(1);
    return found.getFirst();
  }

  @Test
  void o12_eventsOfARangeItsOperationsAndTheirBackward() {
    Tensor x = leaf(1, 2, 3);
    Profile profile;
    try (Profiler profiler = Profiler.start()) {
      Tensor y = Profiler.range("blk", () -> x.mul(2).sum());
      y.backward();
      profile = profiler.profile();
    }
    ProfileEvent range = only(profile, Kind.RANGE, "blk");
    ProfileEvent mul = only(profile, Kind.OPERATION, "mul_scalar");
    ProfileEvent sum = only(profile, Kind.OPERATION, "sum");
    ProfileEvent mulBackward = only(profile, Kind.BACKWARD, "MulScalarBackward");
    ProfileEvent sumBackward = only(profile, Kind.BACKWARD, "SumBackward");
    ProfileEvent leaf = only(profile, Kind.BACKWARD, "AccumulateGrad");
    assertThat(mulBackward.sequenceNumber()).isEqualTo(mul.sequenceNumber()).isNotNegative();
    assertThat(sumBackward.sequenceNumber()).isEqualTo(sum.sequenceNumber()).isNotNegative();
    assertThat(sum.sequenceNumber()).isGreaterThan(mul.sequenceNumber());
    assertThat(leaf.sequenceNumber()).isEqualTo(-1);
    assertThat(range.sequenceNumber()).isEqualTo(-1);
    assertThat(range.depth()).isZero();
    assertThat(mul.depth()).isEqualTo(1);
    assertThat(sumBackward.depth()).isZero();
    assertThat(sumBackward.shapes()).containsExactly(Shape.SCALAR);
    assertThat(mulBackward.shapes()).containsExactly(Shape.of(3));
    assertThat(profile.threadId()).isEqualTo(Thread.currentThread().threadId());
  }

  @Test
  void o12_timesNest() {
    Tensor x = leaf(1, 2, 3);
    Profile profile;
    try (Profiler profiler = Profiler.start()) {
      Profiler.range("outer", () -> Profiler.range("inner", () -> x.mul(2)).exp());
      profile = profiler.profile();
    }
    ProfileEvent outer = only(profile, Kind.RANGE, "outer");
    ProfileEvent inner = only(profile, Kind.RANGE, "inner");
    ProfileEvent mul = only(profile, Kind.OPERATION, "mul_scalar");
    ProfileEvent exp = only(profile, Kind.OPERATION, "exp");
    assertThat(inner.selfNanos()).isEqualTo(inner.totalNanos() - mul.totalNanos());
    assertThat(outer.selfNanos())
        .isEqualTo(outer.totalNanos() - inner.totalNanos() - exp.totalNanos());
    assertThat(mul.selfNanos()).isEqualTo(mul.totalNanos()).isPositive();
    assertThat(profile.totalNanos()).isEqualTo(outer.totalNanos());
    assertThat(outer.startNanos()).isLessThanOrEqualTo(inner.startNanos());
    assertThat(inner.startNanos()).isLessThanOrEqualTo(mul.startNanos());
    assertThat(profile.events())
        .extracting(ProfileEvent::name)
        .containsExactly("mul_scalar", "inner", "exp", "outer");
  }

  @Test
  void o13_sumsByNameAndByShape() {
    Tensor a = leafOf(new double[6], 2, 3);
    Tensor b = leafOf(new double[12], 3, 4);
    Profile profile;
    try (Profiler profiler = Profiler.start()) {
      a.matmul(b);
      a.matmul(b);
      b.t().matmul(b);
      profile = profiler.profile();
    }
    ProfileRow matmul =
        profile.averages(Order.CALLS).stream()
            .filter(r -> r.name().equals("matmul"))
            .findFirst()
            .orElseThrow();
    assertThat(profile.averages(Order.CALLS).getFirst()).isEqualTo(matmul);
    assertThat(matmul.calls()).isEqualTo(3);
    assertThat(matmul.bytes()).isEqualTo((8 + 8 + 16) * 8);
    assertThat(matmul.shapes()).isEmpty();
    assertThat(matmul.totalNanos()).isGreaterThanOrEqualTo(matmul.selfNanos()).isPositive();
    assertThat(matmul.meanNanos()).isEqualTo(matmul.totalNanos() / 3.0);
    assertThat(profile.averagesByShape(Order.CALLS).getFirst().shapes())
        .containsExactly(Shape.of(2, 3), Shape.of(3, 4));
    assertThat(profile.averagesByShape(Order.CALLS).getFirst().calls()).isEqualTo(2);
    assertThat(profile.averages(Order.BYTES).getFirst().name()).isEqualTo("matmul");
    List<Long> self =
        profile.averages(Order.SELF_TIME).stream().map(ProfileRow::selfNanos).toList();
    assertThat(self).isSortedAccordingTo((p, q) -> Long.compare(q, p));
  }

  @Test
  void o13_aTable() {
    Tensor x = leaf(1, 2);
    try (Profiler profiler = Profiler.start()) {
      x.mul(2);
      x.exp();
      x.exp();
      Profile profile = profiler.profile();
      List<String> table = profile.table(Order.CALLS, 1, true).lines().toList();
      assertThat(table.get(0)).startsWith("name ").contains("calls").contains("self ms");
      assertThat(table.get(1)).startsWith("exp [[2]] ").contains(" 2 ").endsWith(" 32");
      assertThat(table.get(2)).isEqualTo("and 1 more");
      assertThat(table.get(3)).endsWith("ms in all");
      assertThat(profile.table()).contains("mul_scalar").contains("exp ");
    }
  }

  @Test
  void viewsTakeNoMemory() {
    Tensor x = Tensor.zeros(100);
    try (Profiler profiler = Profiler.start()) {
      x.reshape(10, 10);
      x.split(50, 0);
      Tensor.cat(List.of(x, x), 0);
      assertThat(profiler.profile().events())
          .extracting(ProfileEvent::bytes)
          .containsExactly(0L, 0L, 800L);
    }
  }

  /// Fails in backward.
  record Fails() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      Profiler.range("left open");
      throw new IllegalStateException("stop");
    }
  }

  @Test
  void whatFailsIsAnEventToo() {
    Tensor x = leaf(1);
    try (Profiler profiler = Profiler.start()) {
      Tensor y = new Fails().apply(x);
      assertThatThrownBy(() -> Profiler.range("step", () -> step(y))).hasMessage("stop");
      assertThatThrownBy(() -> x.add(Tensor.zeros(2, 3, 5)).matmul(Tensor.zeros(7)))
          .isInstanceOf(RuntimeException.class);
      x.mul(2);
      Profile profile = profiler.profile();
      assertThat(only(profile, Kind.BACKWARD, "FailsBackward").depth()).isEqualTo(1);
      assertThat(only(profile, Kind.RANGE, "left open").depth()).isEqualTo(2);
      assertThat(only(profile, Kind.RANGE, "step").depth()).isZero();
      assertThat(only(profile, Kind.OPERATION, "matmul").bytes()).isZero();
      assertThat(only(profile, Kind.OPERATION, "mul_scalar").depth()).isZero();
    }
  }

  private static Tensor step(Tensor y) {
    y.backward();
    return y;
  }

  @Test
  void operationsOfABackwardAreInsideItsNodes() {
    Tensor x = leaf(1, 2);
    Tensor y = x.exp().sum();
    try (Profiler profiler = Profiler.start()) {
      y.backward();
      ProfileEvent node = only(profiler.profile(), Kind.BACKWARD, "ExpBackward");
      assertThat(profiler.profile().events())
          .filteredOn(e -> e.kind() == Kind.OPERATION && e.depth() == 1)
          .isNotEmpty();
      assertThat(node.selfNanos()).isLessThan(node.totalNanos());
    }
  }

  @Test
  void profilersNestAndEndWithTheirScope() {
    Tensor x = leaf(1);
    Profiler outer = Profiler.start();
    Profiler inner = Profiler.start();
    x.mul(2).backward();
    inner.close();
    inner.close();
    x.exp();
    outer.close();
    x.sin();
    Profiler.range("off").close();
    assertThat(inner.profile().events())
        .extracting(ProfileEvent::name)
        .startsWith("mul_scalar")
        .contains("AccumulateGrad")
        .doesNotContain("exp");
    assertThat(outer.profile().events())
        .extracting(ProfileEvent::name)
        .contains("mul_scalar", "AccumulateGrad", "exp")
        .doesNotContain("sin", "off");
  }

  @Test
  void aProfilerBelongsToItsThread() {
    Tensor x = leaf(1);
    try (Profiler profiler = Profiler.start()) {
      CompletableFuture.runAsync(() -> x.exp()).join();
      assertThat(profiler.profile().events()).isEmpty();
      assertThatThrownBy(() -> CompletableFuture.runAsync(profiler::close).join())
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("belongs to thread");
      x.exp();
      assertThat(profiler.profile().events()).hasSize(1);
    }
  }

  @Test
  void o13_aTraceForChrome() throws IOException {
    Profile profile =
        new Profile(
            7,
            List.of(
                new ProfileEvent(
                    Kind.OPERATION, "mul", List.of(Shape.of(2)), 1_500, 2_000, 2_000, 16, 3, 1),
                new ProfileEvent(
                    Kind.RANGE, "a \"b\" \\ \n \ud800 é", List.of(), 1_000, 4_000, 2_000, 0, -1, 0),
                new ProfileEvent(
                    Kind.BACKWARD, "MulBackward", List.of(), 9_000, 1_000, 1_000, 0, 3, 0)));
    StringBuilder out = new StringBuilder();
    profile.writeChromeTrace(out);
    assertThat(out)
        .hasToString(
            """
            {"displayTimeUnit": "ms", "traceEvents": [
              {"ph": "M", "name": "process_name", "pid": 1, "args": {"name": "autograd"}}
            , {"ph": "X", "cat": "operation", "name": "mul", "pid": 1, "tid": 7, "ts": 1.500, \
            "dur": 2.000, "args": {"shapes": "[[2]]", "bytes": 16, "sequence": 3}}
            , {"ph": "s", "cat": "backward", "name": "backward", "id": 3, "pid": 1, "tid": 7, \
            "ts": 1.500}
            , {"ph": "X", "cat": "range", "name": "a \\"b\\" \\\\ \\u000a \\ud800 é", "pid": 1, \
            "tid": 7, "ts": 1.000, "dur": 4.000, "args": {"shapes": "[]", "bytes": 0, \
            "sequence": -1}}
            , {"ph": "X", "cat": "backward", "name": "MulBackward", "pid": 1, "tid": 7, \
            "ts": 9.000, "dur": 1.000, "args": {"shapes": "[]", "bytes": 0, "sequence": 3}}
            , {"ph": "f", "cat": "backward", "name": "backward", "id": 3, "pid": 1, "tid": 7, \
            "ts": 9.000, "bp": "e"}
            ]}
            """);
  }
}
