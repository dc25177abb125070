package dev.autograd.onnx.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.onnxruntime.OrtException;
import dev.autograd.Tensor;
import dev.autograd.onnx.OnnxFile;
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

/// Runs the ONNX form of every registered operation in ONNX Runtime, on the operation's own samples.
class OperationFormsTest {
  private static final long SEED = 20261123;
  private static final double TOLERANCE = 1e-5;

  /// Operations whose forward is made of others, which are exported in their place.
  private static final Set<String> COMPOSED =
      Set.of();

  /// Operations that ONNX cannot express with fixed sizes.
  private static final Set<String> WITHOUT_FORM = Set.of("masked_select");

  private static Stream<OpRegistry.Entry> operations() {
    return OpRegistry.load().entries().stream();
  }

  @TestFactory
  Stream<DynamicTest> formsComputeWhatOperationsDo() {
    return operations()
        .map(
            entry ->
                dynamicTest(
                    entry.name(),
                    () -> {
                      List<String> wrong = new ArrayList<>();
                      int compared = 0;
                      for (FormCase sample : FormCase.of(entry.prototype(), SEED)) {
                        FormCase c = sample.single();
                        try {
                          OnnxModel model = FormGraph.of(c, 17);
                          if (model != null) {
                            compare(c, model);
                            compared++;
                          }
                        } catch (RuntimeException | AssertionError | OrtException e) {
                          wrong.add(c + ": " + e.getMessage());
                        }
                      }
                      assertThat(wrong).isEmpty();
                      boolean expected =
                          !COMPOSED.contains(entry.name())
                              && !WITHOUT_FORM.contains(entry.name());
                      assertThat(compared > 0).as("has a form").isEqualTo(expected);
                    }));
  }

  @Test
  void onlyOperationsOfTheListHaveNoForm() {
    Set<String> without = new TreeSet<>();
    operations()
        .filter(
            entry ->
                FormCase.of(entry.prototype(), SEED).stream()
                    .map(FormCase::single)
                    .allMatch(c -> FormGraph.of(c, 17) == null))
        .forEach(entry -> without.add(entry.name()));
    Set<String> expected = new TreeSet<>(COMPOSED);
    expected.addAll(WITHOUT_FORM);
    assertThat(without).isEqualTo(expected);
  }

  private static void compare(FormCase c, OnnxModel model) throws OrtException {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < c.inputs().length; i++) {
      String name = "x" + i;
      if (model.graph().inputs().stream().anyMatch(input -> input.name().equals(name))) {
        inputs.put(name, c.inputs()[i]);
      }
    }
    Tensor[] expected = c.apply();
    try (Oracle oracle = new Oracle(OnnxFile.encode(model))) {
      Map<String, Tensor> found = oracle.run(inputs);
      assertThat(found).hasSize(expected.length);
      for (int i = 0; i < expected.length; i++) {
        Tensor y = found.get("y" + i);
        assertThat(y.dtype()).isEqualTo(expected[i].dtype());
        assertThat(y.shape()).isEqualTo(expected[i].shape());
        near(y.toDoubleArray(), expected[i].toDoubleArray());
      }
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
