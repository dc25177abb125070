package dev.autograd.onnx.eval;

import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.recurrent.Lstm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Recurrent networks.
final class RecurrentImporters {
  private static final List<String> UNUSUAL =
      List.of("activations", "activation_alpha", "activation_beta", "clip");

  private RecurrentImporters() {}

  static void addTo(Map<String, Importer> all) {
    all.put("LSTM", RecurrentImporters::lstm);
  }

  private static Tensor[] lstm(NodeCall c) {
    c.require("layout", 0);
    c.require("input_forget", 0);
    for (String attribute : UNUSUAL) {
      if (c.node().hasAttribute(attribute)) {
        throw c.refuse("the attribute " + attribute + " is not evaluated");
      }
    }
    if (c.has(4) || c.has(7)) {
      throw c.refuse("sequence lengths and peepholes are not evaluated");
    }
    Tensor x = c.in(0);
    int ways = c.in(1).size(0);
    int hidden = c.in(2).size(2);
    boolean backwards = c.node().stringOr("direction", "forward").equals("reverse");
    List<Tensor> y = new ArrayList<>();
    List<Tensor> h = new ArrayList<>();
    List<Tensor> cells = new ArrayList<>();
    for (int d = 0; d < ways; d++) {
      Tensor both = c.has(3) ? c.in(3).select(0, d) : null;
      var found =
          Lstm.lstm(
              x,
              state(c.orNull(5), d, x, hidden),
              state(c.orNull(6), d, x, hidden),
              gates(c.in(1).select(0, d)),
              gates(c.in(2).select(0, d)),
              both == null ? null : gates(both.narrow(0, 0, 4 * hidden)),
              both == null ? null : gates(both.narrow(0, 4 * hidden, 4 * hidden)),
              backwards || d == 1);
      y.add(found.y());
      h.add(found.h());
      cells.add(found.c());
    }
    return new Tensor[] {Tensor.stack(y, 1), Tensor.stack(h, 0), Tensor.stack(cells, 0)};
  }

  private static Tensor state(@Nullable Tensor given, int d, Tensor x, int hidden) {
    return given == null
        ? Tensor.zeros(Shape.of(x.size(1), hidden), x.dtype())
        : given.select(0, d);
  }

  /// Puts the gates i, o, f, g into the order i, f, g, o.
  private static Tensor gates(Tensor w) {
    List<Tensor> parts = w.chunk(4, 0);
    return Tensor.cat(List.of(parts.get(0), parts.get(2), parts.get(3), parts.get(1)), 0);
  }
}
