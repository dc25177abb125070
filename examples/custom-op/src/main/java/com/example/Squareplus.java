package com.example;

import static dev.autograd.kernel.expr.Formulas.sqrt;

import dev.autograd.Operation;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.spi.OpProvider;
import java.util.List;

/// A smooth ReLU without exponentials: `y = (x + √(x² + b)) / 2` (Barron 2021, arXiv:2112.11687).
public record Squareplus(double b) implements Pointwise.Unary {
  public Squareplus() {
    this(4);
  }

  public static Tensor squareplus(Tensor x) {
    return new Squareplus().apply(x);
  }

  @Override
  public double[] params() {
    return new double[] {b};
  }

  @Override
  public Expr formula(Expr x) {
    return x.add(sqrt(x.mul(x).add(Expr.param(0)))).mul(0.5);
  }

  /// Brings the operation; named in META-INF/services/dev.autograd.spi.OpProvider.
  public static final class Plugin implements OpProvider {
    @Override
    public String name() {
      return "squareplus";
    }

    @Override
    public int apiVersion() {
      return API_VERSION;
    }

    @Override
    public List<Operation> operations() {
      return List.of(new Squareplus());
    }
  }
}
