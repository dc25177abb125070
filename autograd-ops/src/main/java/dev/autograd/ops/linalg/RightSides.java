package dev.autograd.ops.linalg;

import dev.autograd.Batch;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;

/// The right-hand sides of systems of equations, one for each matrix of a broadcast stack.
///
/// @param n the number of equations
/// @param m the number of columns on the right
/// @param y the shape of the solutions
/// @param values the right-hand sides, contiguous
/// @param matrix which matrix each system has
/// @param side which right-hand side each system has
record RightSides(int n, int m, Shape y, double[] values, int[] matrix, int[] side) {

  /// Solves one system.
  interface Solver {
    /// Solves with matrix `matrix` for the `m` columns at `bOffset` into `xOffset`.
    void solve(int matrix, int m, double[] b, int bOffset, double[] x, int xOffset);
  }

  /// Pairs square matrices `a` with `b`, a vector or a stack of matrices.
  static RightSides of(String who, Tensor a, Tensor b) {
    int n = a.size(-1);
    int rank = b.rank();
    if (rank == 0 || b.size(rank == 1 ? 0 : -2) != n) {
      throw Operands.shape(
          who
              + ": b must have as many rows as a, got a "
              + a.shape()
              + " and b "
              + b.shape()
              + ". A stack of vectors needs a last dimension of 1.");
    }
    Shape ofA = MatrixStack.leading(a.shape());
    Shape ofB = rank == 1 ? Shape.SCALAR : MatrixStack.leading(b.shape());
    Shape lead = Shape.broadcast(who, ofA, ofB);
    int m = rank == 1 ? 1 : b.size(-1);
    return new RightSides(
        n,
        m,
        rank == 1 ? MatrixStack.extended(lead, n) : MatrixStack.extended(lead, n, m),
        MatrixStack.of(b).values(),
        MatrixStack.places(ofA, lead),
        MatrixStack.places(ofB, lead));
  }

  /// Solves the systems of all samples of a batch; a vector of a sample is a matrix of one column.
  static Tensor batched(Function solver, Batch batch, Tensor a, Tensor b) {
    int rank = b.rank() - (batch.has(1) ? 1 : 0);
    Tensor[] all = batch.aligned(a, rank == 1 ? b.unsqueeze(-1) : b);
    Tensor y = solver.apply(all);
    return rank == 1 ? y.squeeze(-1) : y;
  }

  /// Solves all systems.
  Tensor each(DType dtype, Solver solver) {
    double[] x = new double[matrix.length * n * m];
    MatrixStack.each(
        matrix.length,
        (double) n * n * m,
        i -> solver.solve(matrix[i], m, values, side[i] * n * m, x, i * n * m));
    return MatrixStack.tensor(x, y, dtype);
  }
}
