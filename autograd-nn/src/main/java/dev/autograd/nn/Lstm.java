package dev.autograd.nn;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Long short-term memory over sequences: one layer or several, in one direction or both.
///
/// - **Shapes** `x: [T, N, in] → y: [T, N, hidden · D]` with D directions; `[N, T, …]` with
///   `batchFirst`. States are `[layers · D, N, hidden]` either way. Parameters are named as
///   PyTorch's, `weight_ih_l0` `[4 hidden, in]`, `weight_hh_l0` `[4 hidden, hidden]`, `bias_ih_l0`,
///   `bias_hh_l0`, with the gates in the order i, f, g, o, and start uniform within `±1/√hidden`.
public final class Lstm extends Layer {
  private final int in;
  private final int hidden;
  private final Options options;
  private final List<Direction> directions = new ArrayList<>();

  /// The attributes that have usual values.
  ///
  /// @param layers how many are stacked, each on the states of the one before
  /// @param bidirectional whether each layer also runs from the end; its states follow the others
  /// @param batchFirst whether x and y are `[N, T, …]`
  /// @param bias whether there are biases
  /// @param dropout the probability with which training drops each state between two layers
  public record Options(
      int layers, boolean bidirectional, boolean batchFirst, boolean bias, double dropout) {
    /// One layer, one direction, steps first, with biases, without dropout.
    public static final Options DEFAULTS = new Options(1, false, false, true, 0);

    /// Checks the options.
    ///
    /// @throws AutogradException (`ARGUMENT`) if there is no layer or the probability is not in
    ///   `[0, 1]`
    public Options {
      if (layers < 1 || !(dropout >= 0 && dropout <= 1)) {
        throw new AutogradException(
            ErrorKind.ARGUMENT,
            "lstm: takes at least one layer and a dropout in [0, 1], got "
                + layers
                + " layers and dropout "
                + dropout);
      }
    }

    /// Returns these options with another number of layers.
    public Options withLayers(int layers) {
      return new Options(layers, bidirectional, batchFirst, bias, dropout);
    }

    /// Returns these options with both directions.
    public Options inBothDirections() {
      return new Options(layers, true, batchFirst, bias, dropout);
    }

    /// Returns these options with the batch as the first dimension of x and y.
    public Options withBatchFirst() {
      return new Options(layers, bidirectional, true, bias, dropout);
    }

    /// Returns these options without biases.
    public Options withoutBias() {
      return new Options(layers, bidirectional, batchFirst, false, dropout);
    }

    /// Returns these options with another dropout between layers.
    public Options withDropout(double dropout) {
      return new Options(layers, bidirectional, batchFirst, bias, dropout);
    }
  }

  /// The states of all layers and directions, `[layers · D, N, hidden]` each.
  ///
  /// @param h what the layers gave out last
  /// @param c what their cells hold
  public record State(Tensor h, Tensor c) {}

  /// What a sequence gives.
  ///
  /// @param y the states of the last layer after every step
  /// @param h the states of all layers after the last step, `[layers · D, N, hidden]`
  /// @param c the cells of all layers after the last step, `[layers · D, N, hidden]`
  public record Result(Tensor y, Tensor h, Tensor c) {
    /// Returns the state to go on from with the next part of the sequence.
    public State state() {
      return new State(h, c);
    }
  }

  private record Direction(
      Tensor weightIh, Tensor weightHh, @Nullable Tensor biasIh, @Nullable Tensor biasHh) {}

  /// Makes a layer with the usual options.
  public Lstm(int in, int hidden) {
    this(in, hidden, Options.DEFAULTS);
  }

  /// Makes a layer.
  public Lstm(int in, int hidden, Options options) {
    this.in = in;
    this.hidden = hidden;
    this.options = options;
    Initializer start = Initializer.fanInUniform(hidden);
    for (int l = 0; l < options.layers(); l++) {
      int inputs = l == 0 ? in : hidden * ways();
      for (int d = 0; d < ways(); d++) {
        String of = "_l" + l + (d == 0 ? "" : "_reverse");
        directions.add(
            new Direction(
                parameter("weight_ih" + of, start.make(4 * hidden, inputs)),
                parameter("weight_hh" + of, start.make(4 * hidden, hidden)),
                options.bias() ? parameter("bias_ih" + of, start.make(4 * hidden)) : null,
                options.bias() ? parameter("bias_hh" + of, start.make(4 * hidden)) : null));
      }
    }
  }

  private int ways() {
    return options.bidirectional() ? 2 : 1;
  }

  /// Returns the states of the last layer after every step, from states of zeros.
  @Override
  public Tensor forward(Tensor x) {
    return forward(x, null).y();
  }

  /// Returns the states after every step and after the last one.
  ///
  /// @param state where to start from, `null` for zeros
  /// @throws AutogradException (`SHAPE`) if x or the state does not fit
  public Result forward(Tensor x, @Nullable State state) {
    if (x.rank() != 3 || x.size(2) != in) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          "lstm: x must be "
              + (options.batchFirst() ? "[N, T, " : "[T, N, ")
              + in
              + "], got "
              + x.shape());
    }
    Tensor y = options.batchFirst() ? x.transpose(0, 1) : x;
    State from = state == null ? zeros(y.size(1), x.dtype()) : state;
    check(from.h(), "h", y.size(1));
    check(from.c(), "c", y.size(1));
    List<Tensor> h = new ArrayList<>();
    List<Tensor> c = new ArrayList<>();
    for (int l = 0; l < options.layers(); l++) {
      if (l > 0 && isTraining() && options.dropout() > 0) {
        y =
            dev.autograd.ops.regularization.Dropout.dropout(
                y, options.dropout(), Generator.global());
      }
      List<Tensor> ways = new ArrayList<>();
      for (int d = 0; d < ways(); d++) {
        int at = l * ways() + d;
        Direction p = directions.get(at);
        var found =
            dev.autograd.ops.recurrent.Lstm.lstm(
                y,
                from.h().select(0, at),
                from.c().select(0, at),
                p.weightIh(),
                p.weightHh(),
                p.biasIh(),
                p.biasHh(),
                d == 1);
        ways.add(found.y());
        h.add(found.h());
        c.add(found.c());
      }
      y = ways.size() == 1 ? ways.get(0) : Tensor.cat(ways, -1);
    }
    return new Result(
        options.batchFirst() ? y.transpose(0, 1) : y, Tensor.stack(h, 0), Tensor.stack(c, 0));
  }

  private State zeros(int batch, DType dtype) {
    Tensor zeros = Tensor.zeros(Shape.of(directions.size(), batch, hidden), dtype);
    return new State(zeros, zeros);
  }

  private void check(Tensor t, String what, int batch) {
    Shape expected = Shape.of(directions.size(), batch, hidden);
    if (!t.shape().equals(expected)) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          "lstm: the state " + what + " must be " + expected + ", got " + t.shape());
    }
  }

  @Override
  protected String describe() {
    return "Lstm(" + in + ", " + hidden + ", " + options + ")";
  }
}
