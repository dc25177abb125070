package dev.autograd.ops.linalg;

import dev.autograd.Operation;
import java.util.List;

/// The operations of this package.
public final class LinalgOps {
  private LinalgOps() {}

  /// Returns one prototype of each operation.
  public static List<Operation> all() {
    return List.of(
        new Matmul(),
        new Outer(),
        new Linear(),
        new Einsum(),
        new CosineSimilarity(),
        new Inverse(),
        new Det(),
        new Slogdet(),
        new Solve(),
        new SolveTriangular(),
        new Cholesky(),
        new Eigh());
  }
}
