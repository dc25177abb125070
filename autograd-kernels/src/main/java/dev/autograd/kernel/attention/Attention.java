package dev.autograd.kernel.attention;

import org.jspecify.annotations.Nullable;

/// Attention, `P = softmax(scale q kᵀ + mask)`, `y = P v`, in f32 and f64, and its gradients.
///
/// P is never in memory: it is computed in tiles of some queries and keys, which stay in the cache,
/// and computed again for the gradients from the logarithms of its rows' sums (Dao 2023,
/// https://arxiv.org/abs/2307.08691). Operands may have any strides; results have contiguous rows.
///
/// A key that is masked for a query has exactly no weight and no gradient from it; a query without
/// any key has the result 0.
///
/// Note [Order of attention]: queries are cut into tiles of [AttentionShape#ROWS], keys into tiles
/// of a length that depends on their number. Products and sums of a tile are in the order of a
/// matrix product and of a sum; tiles are added in order of keys for y and dq, of queries for dk
/// and dv. Which thread computes a tile, and how often, changes nothing.
public final class Attention {
  private Attention() {}

  /// Computes y and the logarithms of the sums of exponentials, -inf for a query without any key.
  ///
  /// @param mask what is added to the products, or bytes that are 0 where a key is not seen
  /// @param lse where the logarithms go, `[batch, queries]`
  public static void forward(
      AttentionShape s,
      Matrices q,
      Matrices k,
      Matrices v,
      @Nullable Matrices mask,
      Matrices y,
      Object lse) {
    if (lse instanceof float[] floats) {
      new ForwardF32(s, q, k, v, mask, y, floats).run();
    } else {
      new ForwardF64(s, q, k, v, mask, y, (double[]) lse).run();
    }
  }

  /// Computes the gradients that are wanted from that of y, `g`.
  ///
  /// @param y the result of [#forward]
  /// @param lse the logarithms of [#forward], from `lseOffset` on
  public static void backward(
      AttentionShape s,
      Matrices q,
      Matrices k,
      Matrices v,
      @Nullable Matrices mask,
      Matrices y,
      Object lse,
      int lseOffset,
      Matrices g,
      @Nullable Matrices dq,
      @Nullable Matrices dk,
      @Nullable Matrices dv) {
    if (lse instanceof float[] floats) {
      new BackwardF32(s, q, k, v, mask, y, floats, lseOffset, g, dq, dk, dv).run();
    } else {
      new BackwardF64(s, q, k, v, mask, y, (double[]) lse, lseOffset, g, dq, dk, dv).run();
    }
  }
}
