package dev.autograd.ops.shape;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A copy in row-major order.
///
/// - **Formula** `y = x`, `dx = g`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Identity (1)
/// - **Source** the identity function
public record Copy() implements Function {

  /// Returns a contiguous copy of `x`.
  public static Tensor copy(Tensor x) {
    return new Copy().apply(x);
  }

  @Override
  public String name() {
    return "clone";
  }

  @Override
  public String nodeName() {
    return "CloneBackward";
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    return TensorCopy.contiguous(in[0]);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {g};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return apply(in);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return graph.node("Identity", Map.of(), in[0].dtype(), in[0].shape(), in[0]);
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(2, 3));
    s.add(this, s.randn(2, 3, 2).transpose(0, 2));
    s.add(this, s.randn());
    s.add(this, s.randn(0, 2));
  }
}
