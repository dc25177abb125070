package dev.autograd.nn;

import dev.autograd.Tensor;

/// A table of vectors, looked up by index. **Shapes** `[*] (i64) → [*, size]`.
public final class Embedding extends Layer {
  private final int count;
  private final int size;
  private final Tensor weight;

  /// Makes a table of `count` vectors, standard normal at first.
  public Embedding(int count, int size) {
    this.count = count;
    this.size = size;
    this.weight = parameter("weight", Initializer.normal(0, 1).make(count, size));
  }

  /// Returns the table, `[count, size]`.
  public Tensor weight() {
    return weight;
  }

  @Override
  public Tensor forward(Tensor x) {
    return dev.autograd.ops.index.Embedding.embedding(x, weight);
  }

  @Override
  protected String describe() {
    return "Embedding(" + count + ", " + size + ")";
  }
}
