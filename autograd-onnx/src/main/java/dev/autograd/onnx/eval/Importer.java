package dev.autograd.onnx.eval;

import dev.autograd.Tensor;

/// Computes the outputs of a node.
@FunctionalInterface
interface Importer {
  Tensor[] run(NodeCall call);

  /// Computes the only output of a node.
  @FunctionalInterface
  interface Single {
    Tensor run(NodeCall call);
  }

  static Importer of(Single single) {
    return call -> new Tensor[] {single.run(call)};
  }
}
