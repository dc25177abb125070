package dev.autograd.gradcheck;

import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.MultiFunction;
import dev.autograd.Operation;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Stands before an operation and sees what its backward returns, as it returns it.
///
/// The engine sums a gradient to its input's shape and casts it to its input's type. A gradient of
/// the wrong type has then lost its digits, too few of them for finite differences to tell.
final class Witness {
  private final Fault.Sink sink;
  private boolean looked;

  private Witness(Fault.Sink sink) {
    this.sink = sink;
  }

  /// Returns the operation, watched.
  static Operation of(Operation operation, Fault.Sink sink) {
    Witness witness = new Witness(sink);
    return switch (operation) {
      case Function f -> new One(f, witness);
      case MultiFunction f -> new Many(f, witness);
    };
  }

  private record One(Function watched, Witness witness) implements Function {
    @Override
    public String name() {
      return watched.name();
    }

    @Override
    public String nodeName() {
      return watched.nodeName();
    }

    @Override
    public boolean differentiable() {
      return watched.differentiable();
    }

    @Override
    public boolean onceDifferentiable() {
      return watched.onceDifferentiable();
    }

    @Override
    public Tensor forward(Context ctx, Tensor... inputs) {
      return watched.forward(ctx, inputs);
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      List<double[]> before = values(g);
      @Nullable Tensor[] grads = watched.backward(ctx, g);
      witness.look(ctx, grads, before, g);
      return grads;
    }
  }

  private record Many(MultiFunction watched, Witness witness) implements MultiFunction {
    @Override
    public String name() {
      return watched.name();
    }

    @Override
    public String nodeName() {
      return watched.nodeName();
    }

    @Override
    public boolean differentiable() {
      return watched.differentiable();
    }

    @Override
    public boolean onceDifferentiable() {
      return watched.onceDifferentiable();
    }

    @Override
    public Tensor[] forward(Context ctx, Tensor... inputs) {
      return watched.forward(ctx, inputs);
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
      List<double[]> before = values(g);
      @Nullable Tensor[] grads = watched.backward(ctx, g);
      witness.look(ctx, grads, before, g);
      return grads;
    }
  }

  private static List<double[]> values(@Nullable Tensor... all) {
    List<double[]> values = new ArrayList<>();
    for (Tensor t : all) {
      values.add(t == null ? new double[0] : t.toDoubleArray());
    }
    return values;
  }

  private void look(
      Context ctx, @Nullable Tensor[] grads, List<double[]> before, @Nullable Tensor... g) {
    if (looked) {
      return;
    }
    looked = true;
    for (int k = 0; k < g.length; k++) {
      Tensor incoming = g[k];
      if (incoming != null && !Arrays.equals(before.get(k), incoming.toDoubleArray())) {
        sink.add(
            Fault.of(
                Finding.Kind.INPUT_CHANGED, -1, "backward wrote into the gradient of output " + k));
      }
    }
    for (int i = 0; i < Math.min(grads.length, ctx.inputCount()); i++) {
      Tensor grad = grads[i];
      if (grad == null || !ctx.needs(i)) {
        continue;
      }
      Shape want = ctx.inputShape(i);
      if (!want.broadcastsTo(grad.shape())) {
        wrong(Finding.Kind.GRADCHECK_SHAPE, i, grad, "has shape " + want);
      } else if (grad.dtype() != ctx.inputType(i) && !comesIn(grad.dtype(), g)) {
        wrong(Finding.Kind.GRADCHECK_DTYPE, i, grad, "is " + ctx.inputType(i));
      }
    }
  }

  /// Tells whether a gradient of this type came in: who passes it on leaves the cast to the engine.
  private static boolean comesIn(DType dtype, @Nullable Tensor... g) {
    return Arrays.stream(g).anyMatch(t -> t != null && t.dtype() == dtype);
  }

  private void wrong(Finding.Kind kind, int input, Tensor grad, String want) {
    sink.add(
        Fault.of(
            kind,
            input,
            "backward returned a gradient of "
                + grad.dtype()
                + grad.shape()
                + " for input "
                + input
                + ", which "
                + want));
  }
}
