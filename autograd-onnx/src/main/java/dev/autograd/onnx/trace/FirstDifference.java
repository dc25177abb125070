package dev.autograd.onnx.trace;

import dev.autograd.DType;
import dev.autograd.Tensor;
import dev.autograd.onnx.eval.Evaluator;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The first node of a file that computes something else than the operation it stands for.
///
/// @param node the node, as the file names it
/// @param origin the operation and the line of the program that applied it
/// @param largest the greatest absolute difference of its results; NaN where shapes or types differ
public record FirstDifference(String node, String origin, double largest) {

  /// Runs a model and its file side by side on an input; `null` where all results of operations
  /// agree.
  public static @Nullable FirstDifference find(
      OnnxModel file,
      UnaryOperator<Tensor> model,
      Map<String, Tensor> state,
      Tensor input,
      double atol,
      double rtol) {
    Recording run = Emission.of(file.opset(), model, state, input);
    Map<String, Tensor[]> found = new HashMap<>();
    Map<String, OnnxNode> nodes = new HashMap<>();
    String name = file.graph().inputs().getFirst().name();
    Evaluator.run(
        file,
        Map.of(name, input),
        (node, outputs) -> {
          found.put(node.name(), outputs);
          nodes.put(node.name(), node);
        });
    List<Step> steps = run.steps();
    for (int i = 0; i < steps.size(); i++) {
      if (!(steps.get(i) instanceof Step.Node step)) {
        continue;
      }
      String label = step.label(i);
      Tensor[] outputs = found.get(label);
      OnnxNode node = nodes.get(label);
      for (int k = 0; outputs != null && node != null && k < step.outputs().size(); k++) {
        Tensor expected = run.observed(step.outputs().get(k));
        if (expected == null || k >= outputs.length) {
          continue;
        }
        double difference = difference(expected, outputs[k], atol, rtol);
        if (difference != 0) {
          return new FirstDifference(node.describe(), step.origin(), difference);
        }
      }
    }
    return null;
  }

  /// Returns the greatest difference beyond what is allowed, 0 where there is none.
  private static double difference(Tensor expected, Tensor actual, double atol, double rtol) {
    if (expected.dtype() != actual.dtype() || !expected.shape().equals(actual.shape())) {
      return Double.NaN;
    }
    double[] e = expected.to(DType.F64).toDoubleArray();
    double[] a = actual.to(DType.F64).toDoubleArray();
    double largest = 0;
    for (int i = 0; i < e.length; i++) {
      double difference = Double.compare(e[i], a[i]) == 0 ? 0 : Math.abs(e[i] - a[i]);
      if (!(difference <= atol + rtol * Math.abs(e[i]))) {
        largest =
            Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
      }
    }
    return largest;
  }
}
