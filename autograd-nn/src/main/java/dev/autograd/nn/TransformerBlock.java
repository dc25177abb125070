package dev.autograd.nn;

import dev.autograd.Tensor;

/// Attention and a two-layer network, each normalised before and added to its input.
///
/// - **Shapes** `[N, T, size] → [N, T, size]`.
public final class TransformerBlock extends Layer {
  private final Layer attention;
  private final Layer network;

  /// Makes a block.
  ///
  /// @param hidden the width of the inner network
  /// @param dropout the probability of dropping elements of both branches
  public TransformerBlock(int size, int heads, int hidden, double dropout) {
    this.attention =
        child(
            "attention",
            new Residual(
                new Sequential(
                    new LayerNorm(size),
                    new MultiHeadAttention(size, heads),
                    new Dropout(dropout))));
    this.network =
        child(
            "network",
            new Residual(
                new Sequential(
                    new LayerNorm(size),
                    new Linear(size, hidden),
                    new Lambda("gelu", Tensor::gelu),
                    new Linear(hidden, size),
                    new Dropout(dropout))));
  }

  @Override
  public Tensor forward(Tensor x) {
    return network.forward(attention.forward(x));
  }
}
