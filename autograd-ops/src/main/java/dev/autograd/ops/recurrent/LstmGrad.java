package dev.autograd.ops.recurrent;

import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.recurrent.LstmShape;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.ops.operand.Operands;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The gradients of [Lstm] in one walk through time, for a backward that records nothing.
///
/// Takes the gradients of y and of the last h and c, then x, the first h and c, both weights, y,
/// the gates and all c; returns the gradients of the first h and c and those of x, of the weights
/// and of a bias that are wanted. Where gradients are recorded, [LstmEquations] writes them as
/// operations.
record LstmGrad(boolean reverse, boolean dx, boolean dWeightIh, boolean dWeightHh, boolean dBias)
    implements MultiFunction {

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... operands) {
    DType dtype = Operands.floating(name(), operands);
    Tensor[] in = new Tensor[operands.length];
    for (int i = 0; i < in.length; i++) {
      in[i] = operands[i].contiguous();
    }
    for (int i = 8; i < in.length; i++) {
      in[i] = in[i].offset() == 0 ? in[i] : TensorCopy.contiguous(in[i]);
    }
    Tensor x = in[3];
    LstmShape s = new LstmShape(x.size(0), x.size(1), x.size(2), in[4].size(1), reverse);
    // The walk begins with the gradients of the last states and ends with those of the first.
    Tensor dh = TensorCopy.contiguous(in[1]);
    Tensor dc = TensorCopy.contiguous(in[2]);
    Tensor gx = dx ? Tensor.empty(x.shape(), dtype) : null;
    Tensor gw = dWeightIh ? Tensor.empty(in[6].shape(), dtype) : null;
    Tensor gr = dWeightHh ? Tensor.empty(in[7].shape(), dtype) : null;
    Tensor gb = dBias ? Tensor.empty(Shape.of(in[7].size(0)), dtype) : null;
    if (dtype == DType.F32) {
      floats(s, in, dh, dc, gx, gw, gr, gb);
    } else {
      doubles(s, in, dh, dc, gx, gw, gr, gb);
    }
    return Stream.of(dh, dc, gx, gw, gr, gb).filter(Objects::nonNull).toArray(Tensor[]::new);
  }

  private static void floats(
      LstmShape s,
      Tensor[] in,
      Tensor dh,
      Tensor dc,
      @Nullable Tensor gx,
      @Nullable Tensor gw,
      @Nullable Tensor gr,
      @Nullable Tensor gb) {
    float[] dGates = Scratch.floats(in[9].numel());
    dev.autograd.kernel.recurrent.Lstm.backward(
        s,
        in[5].memory().floats(),
        in[5].offset(),
        in[7].memory().floats(),
        in[7].offset(),
        in[9].memory().floats(),
        in[10].memory().floats(),
        in[0].memory().floats(),
        in[0].offset(),
        dh.memory().floats(),
        dc.memory().floats(),
        dGates);
    dev.autograd.kernel.recurrent.Lstm.operandGradients(
        s,
        in[3].memory().floats(),
        in[3].offset(),
        in[4].memory().floats(),
        in[4].offset(),
        in[6].memory().floats(),
        in[6].offset(),
        in[8].memory().floats(),
        dGates,
        gx == null ? null : gx.memory().floats(),
        gw == null ? null : gw.memory().floats(),
        gr == null ? null : gr.memory().floats(),
        gb == null ? null : gb.memory().floats());
    Scratch.release(dGates);
  }

  private static void doubles(
      LstmShape s,
      Tensor[] in,
      Tensor dh,
      Tensor dc,
      @Nullable Tensor gx,
      @Nullable Tensor gw,
      @Nullable Tensor gr,
      @Nullable Tensor gb) {
    double[] dGates = Scratch.doubles(in[9].numel());
    dev.autograd.kernel.recurrent.Lstm.backward(
        s,
        in[5].memory().doubles(),
        in[5].offset(),
        in[7].memory().doubles(),
        in[7].offset(),
        in[9].memory().doubles(),
        in[10].memory().doubles(),
        in[0].memory().doubles(),
        in[0].offset(),
        dh.memory().doubles(),
        dc.memory().doubles(),
        dGates);
    dev.autograd.kernel.recurrent.Lstm.operandGradients(
        s,
        in[3].memory().doubles(),
        in[3].offset(),
        in[4].memory().doubles(),
        in[4].offset(),
        in[6].memory().doubles(),
        in[6].offset(),
        in[8].memory().doubles(),
        dGates,
        gx == null ? null : gx.memory().doubles(),
        gw == null ? null : gw.memory().doubles(),
        gr == null ? null : gr.memory().doubles(),
        gb == null ? null : gb.memory().doubles());
    Scratch.release(dGates);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    throw new IllegalStateException("lstm_grad is never recorded");
  }
}
