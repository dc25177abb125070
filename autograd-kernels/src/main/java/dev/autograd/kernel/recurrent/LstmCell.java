package dev.autograd.kernel.recurrent;

import dev.autograd.kernel.ElementType;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.kernel.expr.PointwiseKernel;
import java.util.List;

/// What happens to each element of the state in one step, as formulas.
///
/// S. Hochreiter, J. Schmidhuber, Long short-term memory (1997), with the forget gate of F. Gers et
/// al. (2000).
final class LstmCell {
  private LstmCell() {}

  private static Expr x(int index) {
    return Expr.input(index);
  }

  /// Returns the step: from the four gates before their nonlinearities, four biases and the last c
  /// to the gates i, f, g, o, c and h.
  static PointwiseKernel step(ElementType type) {
    Expr i = Formulas.sigmoid(x(0).add(x(4)));
    Expr f = Formulas.sigmoid(x(1).add(x(5)));
    Expr g = Formulas.tanh(x(2).add(x(6)));
    Expr o = Formulas.sigmoid(x(3).add(x(7)));
    Expr c = f.mul(x(8)).add(i.mul(g));
    return PointwiseKernel.of(type, List.of(i, f, g, o, c, o.mul(Formulas.tanh(c))));
  }

  /// Returns the gradient of the step: from i, f, g, o, c, the last c, the two parts of the
  /// gradient of h and the gradient of c to the gradients of the four gates before their
  /// nonlinearities and of the last c.
  static PointwiseKernel gradient(ElementType type) {
    Expr i = x(0);
    Expr f = x(1);
    Expr g = x(2);
    Expr o = x(3);
    Expr tanh = Formulas.tanh(x(4));
    Expr dh = x(6).add(x(7));
    Expr dc = x(8).add(dh.mul(o).mul(rest(tanh.square())));
    return PointwiseKernel.of(
        type,
        List.of(
            dc.mul(g).mul(i.mul(rest(i))),
            dc.mul(x(5)).mul(f.mul(rest(f))),
            dc.mul(i).mul(rest(g.square())),
            dh.mul(tanh).mul(o.mul(rest(o))),
            dc.mul(f)));
  }

  private static Expr rest(Expr x) {
    return Expr.constant(1).sub(x);
  }
}
