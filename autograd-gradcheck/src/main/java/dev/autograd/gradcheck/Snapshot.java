package dev.autograd.gradcheck;

import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The inputs of a case as they were, to tell whether the operation writes into them.
///
/// Versions see a write of equal values, values see a write past the versions.
final class Snapshot {
  private final Case c;
  private final List<double[]> values = new ArrayList<>();
  private final List<Integer> versions = new ArrayList<>();

  Snapshot(Case c) {
    this.c = c;
    for (Tensor t : c.inputs()) {
      values.add(t.toDoubleArray());
      versions.add(t.version());
    }
  }

  /// Tells whether every input is as it was; reports those that are not.
  boolean kept(String by, Tally tally) {
    boolean kept = true;
    for (int i = 0; i < values.size(); i++) {
      Tensor t = c.inputs().get(i);
      double[] now = t.toDoubleArray();
      int e = Arrays.mismatch(now, values.get(i));
      if (e >= 0) {
        kept = false;
        tally.add(
            Finding.at(
                Finding.Kind.INPUT_CHANGED,
                c,
                i,
                t.shape(),
                e,
                now[e],
                values.get(i)[e],
                by + " wrote into the input: its value now and before; " + c.shapes()));
      } else if (t.version() != versions.get(i)) {
        kept = false;
        tally.add(
            Finding.of(
                Finding.Kind.INPUT_CHANGED,
                c,
                i,
                by + " wrote into the input, the values that were there; " + c.shapes()));
      }
    }
    return kept;
  }
}
