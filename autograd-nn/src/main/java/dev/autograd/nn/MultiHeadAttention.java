package dev.autograd.nn;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Tensor;
import java.util.List;

/// Self-attention with several heads: Vaswani et al. 2017.
///
/// - **Shapes** `[N, T, size] → [N, T, size]`. Queries, keys and values come from one linear layer.
public final class MultiHeadAttention extends Layer {
  private final int size;
  private final int heads;
  private final boolean causal;
  private final Linear qkv;
  private final Linear out;

  /// Makes a layer in which every position sees every other.
  public MultiHeadAttention(int size, int heads) {
    this(size, heads, false);
  }

  /// Makes a layer; with `causal` a position sees only itself and earlier ones.
  public MultiHeadAttention(int size, int heads, boolean causal) {
    if (heads < 1 || size % heads != 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "multi_head_attention: the size must be a multiple of the number of heads, got "
              + size
              + " and "
              + heads);
    }
    this.size = size;
    this.heads = heads;
    this.causal = causal;
    this.qkv = child("qkv", new Linear(size, 3 * size));
    this.out = child("out", new Linear(size, size));
  }

  @Override
  public Tensor forward(Tensor x) {
    int t = x.size(1);
    List<Tensor> parts = qkv.forward(x).chunk(3, -1);
    Tensor q = split(parts.get(0), t);
    Tensor k = split(parts.get(1), t);
    Tensor v = split(parts.get(2), t);
    Tensor y =
        dev.autograd.ops.attention.ScaledDotProductAttention.scaledDotProductAttention(
            q, k, v, null, causal, null);
    return out.forward(y.transpose(1, 2).reshape(-1, t, size));
  }

  private Tensor split(Tensor x, int t) {
    return x.reshape(-1, t, heads, size / heads).transpose(1, 2);
  }

  @Override
  protected String describe() {
    return "MultiHeadAttention(" + size + ", heads=" + heads + (causal ? ", causal)" : ")");
  }
}
