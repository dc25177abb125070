package dev.autograd.onnx.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.onnxruntime.OrtException;
import dev.autograd.DType;
import dev.autograd.Tensor;
import dev.autograd.onnx.OnnxFile;
import dev.autograd.onnx.eval.Evaluator;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.spi.OpRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Runs the ONNX form of every registered operation in ONNX Runtime, on the operation's own
/// samples.
class OperationFormsTest {
  private static final long SEED = 20261123;
  private static final double TOLERANCE = 1e-5;

  /// Operations whose forward is made of others, which are exported in their place.
  private static final Set<String> COMPOSED =
      Set.of(
          "binary_cross_entropy",
          "binary_cross_entropy_with_logits",
          "cosine_similarity",
          "einsum",
          "huber_loss",
          "kl_div",
          "l1_loss",
          "mse_loss",
          "smooth_l1_loss");

  /// Operations that ONNX cannot express, be it that a size or a place depends on values or that it
  /// has no such operator.
  private static final Set<String> WITHOUT_FORM =
      Set.of(
          "cholesky",
          "cumprod",
          "eigh",
          "inverse",
          "linear_recurrence",
          "masked_select",
          "nanmedian",
          "nanmedian_dim",
          "nanquantile",
          "solve",
          "solve_triangular");

  /// ONNX has no reduction that is false over nothing: its maximum is the least integer there.
  private static final Set<String> OVER_NOTHING =
      Set.of("Any[dims=[0], keepDim=false] f32[0, 2]", "Any[dims=[0], keepDim=false] f64[0, 2]");

  /// What ONNX Runtime refuses though our evaluator runs it: empty batches and scalars.
  private static final Set<String> BEYOND_THE_RUNTIME =
      Set.of(
          "AdaptiveAvgPool2d[size=[2, 2]] f32[0, 2, 4, 4]",
          "CrossEntropy[reduction=SUM, ignoreIndex=-100, labelSmoothing=0.0, weighted=false]"
              + " f32[0, 3] i64[0]",
          "MedianDim[dim=1, keepDim=false] f32[0, 2]",
          "OneHot[classes=3] i64[]",
          "Pad[low=[], high=[], value=0.0] f32[]",
          "Quantile[q=0.5, dims=[1], keepDim=false] f32[0, 2]");

  /// Runs a model.
  private interface Executor {
    Map<String, Tensor> run(OnnxModel model, Map<String, Tensor> inputs) throws OrtException;
  }

  private static Stream<OpRegistry.Entry> operations() {
    return OpRegistry.load().entries().stream();
  }

  @TestFactory
  Stream<DynamicTest> formsComputeInOnnxRuntimeWhatOperationsDo() {
    return each(DType.F32, OperationFormsTest::runtime, BEYOND_THE_RUNTIME);
  }

  @TestFactory
  Stream<DynamicTest> formsComputeInTheEvaluatorWhatOperationsDo() {
    return each(DType.F32, Evaluator::run, Set.of());
  }

  @TestFactory
  Stream<DynamicTest> formsComputeInTheEvaluatorInDoublePrecisionToo() {
    return each(DType.F64, Evaluator::run, Set.of());
  }

  @TestFactory
  Stream<DynamicTest> formsOfTheNewestOpsetComputeTheSame() {
    return each(22, DType.F32, OperationFormsTest::runtime, BEYOND_THE_RUNTIME);
  }

  @Test
  void onlyOperationsOfTheListsHaveNoForm() {
    Set<String> without = new TreeSet<>();
    operations()
        .filter(
            entry ->
                FormCase.of(entry.prototype(), SEED).stream()
                    .map(c -> c.in(DType.F32))
                    .allMatch(c -> FormGraph.of(c, 17) == null))
        .forEach(entry -> without.add(entry.name()));
    Set<String> expected = new TreeSet<>(COMPOSED);
    expected.addAll(WITHOUT_FORM);
    assertThat(without).isEqualTo(expected);
  }

  private static Stream<DynamicTest> each(DType dtype, Executor runtime, Set<String> left) {
    return each(17, dtype, runtime, left);
  }

  private static Stream<DynamicTest> each(
      int opset, DType dtype, Executor runtime, Set<String> left) {
    return operations()
        .filter(entry -> !COMPOSED.contains(entry.name()) && !WITHOUT_FORM.contains(entry.name()))
        .map(entry -> dynamicTest(entry.name(), () -> check(entry, opset, dtype, runtime, left)));
  }

  private static void check(
      OpRegistry.Entry entry, int opset, DType dtype, Executor runtime, Set<String> left) {
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    for (FormCase sample : FormCase.of(entry.prototype(), SEED)) {
      FormCase c = sample.in(dtype);
      if (left.contains(c.toString()) || OVER_NOTHING.contains(c.toString())) {
        continue;
      }
      try {
        OnnxModel model = FormGraph.of(c, opset);
        if (model != null) {
          compare(c, model, runtime);
          compared++;
        }
      } catch (RuntimeException | AssertionError | OrtException e) {
        wrong.add(c + ": " + e);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(compared).isPositive();
  }

  private static Map<String, Tensor> runtime(OnnxModel model, Map<String, Tensor> inputs)
      throws OrtException {
    try (Oracle oracle = new Oracle(OnnxFile.encode(model))) {
      return oracle.run(inputs);
    }
  }

  private static void compare(FormCase c, OnnxModel model, Executor runtime) throws OrtException {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < c.inputs().length; i++) {
      inputs.put("x" + i, c.inputs()[i]);
    }
    Tensor[] expected = c.apply();
    Map<String, Tensor> found = runtime.run(model, inputs);
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      Tensor y = found.get("y" + i);
      assertThat(y.dtype()).isEqualTo(expected[i].dtype());
      assertThat(y.shape()).isEqualTo(expected[i].shape());
      near(y.toDoubleArray(), expected[i].toDoubleArray());
    }
  }

  private static void near(double[] found, double[] expected) {
    double scale = 1;
    for (double e : expected) {
      scale = Double.isFinite(e) ? Math.max(scale, Math.abs(e)) : scale;
    }
    for (int i = 0; i < expected.length; i++) {
      boolean same = Double.compare(found[i] + 0.0, expected[i] + 0.0) == 0;
      if (!same && !(Math.abs(found[i] - expected[i]) <= TOLERANCE * scale)) {
        throw new AssertionError(
            "element %d is %s, expected %s".formatted(i, found[i], expected[i]));
      }
    }
  }
}
