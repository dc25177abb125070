package dev.autograd.gradcheck;

import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Tensors as they were, to tell whether somebody writes into them.
///
/// Versions see a write of equal values, values see a write past the versions.
final class Snapshot {
  private final List<Tensor> inputs;
  private final List<double[]> values = new ArrayList<>();
  private final List<Integer> versions = new ArrayList<>();

  Snapshot(List<Tensor> inputs) {
    this.inputs = inputs;
    for (Tensor t : inputs) {
      values.add(t.toDoubleArray());
      versions.add(t.version());
    }
  }

  /// Tells whether every tensor is as it was; reports those that are not.
  boolean kept(String by, Fault.Sink sink) {
    boolean kept = true;
    for (int i = 0; i < values.size(); i++) {
      Tensor t = inputs.get(i);
      double[] now = t.toDoubleArray();
      int e = Arrays.mismatch(now, values.get(i));
      if (e >= 0) {
        kept = false;
        sink.add(
            Fault.at(
                Finding.Kind.INPUT_CHANGED,
                i,
                t.shape(),
                e,
                now[e],
                values.get(i)[e],
                by + " wrote into the input: its value now and before"));
      } else if (t.version() != versions.get(i)) {
        kept = false;
        sink.add(
            Fault.of(
                Finding.Kind.INPUT_CHANGED,
                i,
                by + " wrote into the input, the values that were there"));
      }
    }
    return kept;
  }
}
