package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.example.Program;
import dev.autograd.AnomalyException;
import dev.autograd.AnomalyMode;
import dev.autograd.AnomalyMode.Check;
import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// The search for NaN and infinity, and for the lines of the program behind errors of backward.
@Isolated("the mode is global")
class AnomalyModeTest {

  private record NanFn() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(Double.NaN)};
    }
  }

  private static AnomalyException anomaly(ThrowingCallable call) {
    AnomalyException e = catchThrowableOfType(AnomalyException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.kind()).isEqualTo(ErrorKind.ANOMALY_NAN);
    return e;
  }

  @Test
  void j01_nanPassesWhereTheModeIsOff() {
    Tensor x = leaf(1, 2);
    new NanFn().apply(x).sum().backward();
    assertThat(gradOf(x)).containsExactly(Double.NaN, Double.NaN);
  }

  @Test
  void j02_aBackwardThatReturnsNanIsNamed() {
    Tensor x = leaf(1, 2);
    try (var _ = AnomalyMode.detect()) {
      Tensor y = new NanFn().apply(x.mul(3)).mul(5).sum();
      AnomalyException e = anomaly(y::backward);
      assertThat(e)
          .hasMessageContaining("NanFnBackward")
          .hasMessageContaining("NaN (2 of 2 elements of f64 [2])")
          .hasMessageContaining("gradient of input 0")
          .hasMessageContaining("gradient 0: f64 [2] in [5.0, 5.0]");
      assertThat(e.operation()).isEqualTo(new NanFn());
      assertThat(e.index()).isZero();
      assertThat(e.inBackward()).isTrue();
    }
    assertThat(x.grad()).isNull();
  }

  @Test
  void j03_withoutAnyCheckPlacesAreNotedOnly() {
    Tensor x = leaf(-1, 4);
    try (var _ = AnomalyMode.detect(Check.NONE)) {
      Tensor y = Program.root(x);
      y.sum().backward();
      assertThat(gradOf(x)).containsExactly(Double.NaN, 0.25);
      assertThat(y.gradFn().forwardPlace().lines().getFirst().getMethodName()).isEqualTo("root");
    }
  }

  @Test
  void j04_theBackwardOfARootOfANegativeNumberIsNamedWithItsLine() {
    Tensor x = leaf(-1, 4);
    try (var _ = AnomalyMode.detect()) {
      Tensor y = Program.root(x).sum();
      AnomalyException e = anomaly(y::backward);
      assertThat(e)
          .hasMessageContaining("SqrtBackward")
          .hasMessageContaining("NaN (1 of 2 elements")
          .hasMessageContaining("com.example.Program.root(Program.java:");
      assertThat(e.place().lines().getFirst().getMethodName()).isEqualTo("root");
      assertThat(e.getSuppressed()[0].getStackTrace()[0].getMethodName()).isEqualTo("root");
    }
  }

  @Test
  void j05_infinityIsLookedForOnDemand() {
    Tensor x = leaf(0, 4);
    try (var _ = AnomalyMode.detect()) {
      x.sqrt().sum().backward();
      assertThat(gradOf(x)[0]).isInfinite();
    }
    for (Check check : new Check[] {Check.INFINITY, Check.NAN_OR_INFINITY}) {
      try (var _ = AnomalyMode.detect(check)) {
        Tensor y = x.sqrt().sum();
        assertThat(anomaly(y::backward)).hasMessageContaining("SqrtBackward");
      }
    }
    try (var _ = AnomalyMode.detect(Check.INFINITY)) {
      leaf(-1).sqrt().backward();
    }
  }

  @Test
  void j06_aVersionErrorNamesTheLinesOfTheSaveAndOfTheWrite() {
    Tensor d1 = leaf(1, 2).mul(1);
    try (var _ = AnomalyMode.detect()) {
      Tensor d2 = Program.square(d1);
      Program.overwrite(d1);
      AutogradException e = refused(ErrorKind.VERSION_MISMATCH, () -> d2.sum().backward());
      assertThat(e)
          .hasMessageContaining("PowScalarBackward")
          .hasMessageContaining("at com.example.Program.square(")
          .hasMessageContaining("written by mul_ (at com.example.Program.overwrite(");
      assertThat(e.getSuppressed()[0].getStackTrace()[0].getMethodName()).isEqualTo("square");
    }
  }

  @Test
  void aVersionErrorNamesTheOperationsWithoutTheModeToo() {
    Tensor d1 = leaf(1, 2).mul(1);
    Tensor d2 = Program.square(d1);
    Program.overwritePart(d1);
    assertThat(refused(ErrorKind.VERSION_MISMATCH, () -> d2.sum().backward()))
        .hasMessageContaining("PowScalarBackward")
        .hasMessageContaining("last written by add_")
        .hasMessageContaining("AnomalyMode.detect()");
    Tensor index = Tensor.arange(2);
    Tensor y = d1.gather(0, index);
    index.incrementVersion();
    assertThat(refused(ErrorKind.VERSION_MISMATCH, () -> y.sum().backward()))
        .hasMessageContaining("incrementVersion");
  }

  @Test
  void everyErrorOfBackwardCarriesItsPlaceAndArrivesUnchanged() {
    IllegalStateException boom = new IllegalStateException("boom");
    Tensor x = leaf(1);
    Tensor h = x.mul(1);
    try (var _ = AnomalyMode.detect()) {
      Tensor y = Program.square(h);
      y.gradFn()
          .registerPrehook(
              _ -> {
                throw boom;
              });
      IllegalStateException e = catchThrowableOfType(IllegalStateException.class, y::backward);
      assertThat(e).isSameAs(boom);
      assertThat(e.getSuppressed()[0].getStackTrace()[0].getMethodName()).isEqualTo("square");
    }
  }

  @Test
  void whatWasRecordedBeforeTheModeHasNoPlace() {
    Tensor y = new NanFn().apply(leaf(1));
    try (var _ = AnomalyMode.detect()) {
      assertThat(anomaly(y::backward)).hasMessageContaining("anomaly mode was off");
    }
    assertThat(y.gradFn().forwardPlace()).isNull();
  }

  @Test
  void anErrorInTheBackwardOfABackwardLeadsToBothPlaces() {
    Tensor x = leaf(0.0, 1);
    try (var _ = AnomalyMode.detect(Check.INFINITY)) {
      Tensor first = Program.slope(Program.power(x).sum(), x);
      AnomalyException e = anomaly(() -> first.sum().backward());
      Throwable note = e.getSuppressed()[0];
      List<String> methods = new ArrayList<>();
      for (Throwable t = note; t != null; t = t.getCause()) {
        for (StackTraceElement line : t.getStackTrace()) {
          methods.add(line.getMethodName());
          break;
        }
      }
      assertThat(methods).containsExactly("slope", "power");
      assertThat(e).hasMessageContaining("in the backward of PowScalarBackward");
    }
  }

  @Test
  void j08_theModeIsGlobalAndRestored() throws InterruptedException {
    List<Boolean> seen = new ArrayList<>();
    seen.add(AnomalyMode.isEnabled());
    try (var _ = AnomalyMode.detect()) {
      seen.add(AnomalyMode.isEnabled());
      try (var _ = AnomalyMode.setEnabled(false)) {
        seen.add(AnomalyMode.isEnabled());
      }
      Thread other = new Thread(() -> seen.add(AnomalyMode.isEnabled()));
      other.start();
      other.join();
    }
    seen.add(AnomalyMode.isEnabled());
    assertThat(seen).containsExactly(false, true, false, true, false);
  }

  @Test
  void forwardPassesAreCheckedOnDemand() {
    Tensor x = constant(-1, 4);
    var options = AnomalyMode.Options.defaults().andForward();
    try (var _ = AnomalyMode.detect(options)) {
      AnomalyException e = anomaly(() -> Program.root(x));
      assertThat(e)
          .hasMessageContaining("sqrt: returned NaN (1 of 2 elements of f64 [2]) as output 0")
          .hasMessageContaining("input 0: f64 [2] in [-1.0, 4.0]")
          .hasMessageContaining("com.example.Program.root(");
      assertThat(e.inBackward()).isFalse();
      assertThat(constant(4).sqrt().item()).isEqualTo(2);
    }
    try (var _ = AnomalyMode.detect(options.except("sqrt"))) {
      assertThat(Program.root(x).at(0)).isNaN();
      assertThat(anomaly(() -> x.log())).hasMessageContaining("log");
    }
    try (var _ = AnomalyMode.detect()) {
      assertThat(Program.root(x).at(0)).isNaN();
    }
  }

  @Test
  void infinitiesInsideOfAnOperationAreItsOwnAffair() {
    record Through() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return in[0].div(0.0).reciprocal();
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g};
      }
    }
    var options = AnomalyMode.Options.defaults().check(Check.INFINITY).andForward();
    try (var _ = AnomalyMode.detect(options)) {
      assertThat(new Through().apply(constant(1)).item()).isZero();
    }
  }

  @Test
  void stridedGradientsAreSeenThrough() {
    Tensor x = Given.leafOf(new double[] {1, -1, 4, 9}, 2, 2);
    try (var _ = AnomalyMode.detect()) {
      Tensor y = x.transpose(0, 1).sqrt().transpose(0, 1).matmul(x.detach()).sum();
      assertThat(anomaly(y::backward)).hasMessageContaining("1 of 4 elements");
    }
  }
}
