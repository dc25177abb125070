package dev.autograd.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.DType;
import dev.autograd.Operation;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.Finding.Kind;
import dev.autograd.gradcheck.difference.Layouts;
import dev.autograd.gradcheck.planted.Right;
import dev.autograd.gradcheck.planted.WrongContracts;
import dev.autograd.gradcheck.planted.WrongOrders;
import dev.autograd.gradcheck.planted.WrongValues;
import dev.autograd.spi.OpRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// gradcheck finds the planted mistakes, at each sample, and none in the operations of the library.
class GradcheckPlantedTest {
  private static final GradcheckOptions SLOW = GradcheckOptions.DEFAULTS.withSeed(20261123);
  private static final GradcheckOptions FAST = SLOW.withFastMode(true);

  private static final GradcheckOptions ALL =
      FAST.withCheckForwardAd(true)
          .withCheckBatchedGrad(true)
          .withCheckBatchedForwardGrad(true)
          .withCheckGradDtypes(true);

  private static List<Case> samples(Operation operation) {
    SeededSamples drawn = new SeededSamples(20261123);
    operation.samples(drawn);
    return drawn.cases();
  }

  private static List<Tensor> leaves(Case c) {
    List<Tensor> all = new ArrayList<>(c.inputs());
    for (int i : c.compared()) {
      all.set(i, c.inputs().get(i).detach().requiresGrad(true));
    }
    return all;
  }

  private static boolean first(Case c, GradcheckOptions options) {
    return Gradcheck.gradcheck(in -> Case.apply(c.operation(), in), leaves(c), options);
  }

  private static boolean second(Case c, GradcheckOptions options) {
    return Gradcheck.gradgradcheck(in -> Case.apply(c.operation(), in), leaves(c), options);
  }

  private static Stream<DynamicTest> found(Kind kind, Operation... operations) {
    return Stream.of(operations)
        .map(
            operation ->
                DynamicTest.dynamicTest(
                    operation.name(),
                    () -> {
                      for (Case c : samples(operation)) {
                        for (GradcheckOptions o : List.of(SLOW, FAST)) {
                          assertThat(
                                  catchThrowableOfType(
                                          GradcheckException.class,
                                          () -> {
                                            first(c, o);
                                            second(c, o);
                                          })
                                      .kind())
                              .isEqualTo(kind);
                        }
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> wrongFirstDerivativesAreFound() {
    return found(
        Kind.GRADCHECK_MISMATCH,
        new WrongValues.Sign(),
        new WrongValues.Constant(),
        new WrongValues.Reduction(),
        new WrongValues.Swapped(),
        new WrongValues.Transposed(),
        new WrongValues.Forgotten(),
        new WrongValues.OneElement(),
        new WrongContracts.ForgottenOutput());
  }

  @TestFactory
  Stream<DynamicTest> wrongSecondDerivativesAreFound() {
    return found(
        Kind.GRADGRADCHECK_MISMATCH,
        new WrongOrders.Detached(),
        new WrongOrders.HalfDetached(),
        new WrongOrders.UpstreamDetached());
  }

  @TestFactory
  Stream<DynamicTest> whatComesInAndIsNotUsedIsFound() {
    return found(Kind.GRADCHECK_NOT_LINEAR, new WrongValues.Upstream());
  }

  @TestFactory
  Stream<DynamicTest> whatHasNoGradientButShouldIsFound() {
    return found(Kind.GRADCHECK_NONDIFF, new WrongContracts.HiddenOutput());
  }

  @TestFactory
  Stream<DynamicTest> whatIsNotTheSameTwiceIsFound() {
    return found(
        Kind.GRADCHECK_NONDET,
        new WrongContracts.UnstableBackward(new AtomicInteger()),
        new WrongContracts.UnstableForward(new AtomicInteger()));
  }

  @TestFactory
  Stream<DynamicTest> writesAreFound() {
    return found(
        Kind.INPUT_CHANGED,
        new WrongContracts.WritesInput(),
        new WrongContracts.WritesArray(),
        new WrongContracts.WritesSame(),
        new WrongContracts.WritesUpstream(),
        new WrongContracts.WritesSaved());
  }

  @Test
  void whatIsRightPasses() {
    List<Operation> right =
        List.of(
            new Right.Cube(), new Right.Product(), new Right.Matmul(), new Right.RoundAndSquare());
    for (Operation operation : right) {
      for (Case c : samples(operation)) {
        if (c.inputs().stream().anyMatch(t -> t.numel() == 0)) {
          continue;
        }
        for (GradcheckOptions o : List.of(SLOW, FAST)) {
          assertThat(first(c, o)).isTrue();
          assertThat(second(c, o)).isTrue();
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> theOperationsOfTheLibraryPass() {
    return OpRegistry.load().entries().stream()
        .map(OpRegistry.Entry::prototype)
        .filter(Operation::differentiable)
        .map(operation -> DynamicTest.dynamicTest(operation.name(), () -> passes(operation)));
  }

  /// Some samples, in both precisions: each operation has the whole of its own check besides.
  private static void passes(Operation operation) {
    for (Case c : samples(operation).stream().limit(2).toList()) {
      boolean compared = c.compared().stream().anyMatch(i -> c.inputs().get(i).numel() > 0);
      boolean overlapping = c.inputs().stream().anyMatch(Layouts::overlap);
      if (compared && !overlapping) {
        first(c, ALL);
        first(narrow(c), SLOW);
      }
    }
  }

  private static Case narrow(Case c) {
    List<Tensor> inputs =
        c.inputs().stream().map(t -> t.dtype() == DType.F64 ? t.to(DType.F32) : t).toList();
    return new Case(c.operation(), inputs, c.smooth(), c.seed(), c.index());
  }
}
