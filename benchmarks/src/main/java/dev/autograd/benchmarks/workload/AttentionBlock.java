package dev.autograd.benchmarks.workload;

import static dev.autograd.ops.attention.ScaledDotProductAttention.scaledDotProductAttention;

import dev.autograd.Tensor;
import dev.autograd.nn.Layer;
import dev.autograd.nn.LayerNorm;
import dev.autograd.nn.Linear;
import java.util.List;

/// A pre-norm transformer block on `[8, 128, 256]`, 4 heads, with attention as one operation or
/// written out.
final class AttentionBlock extends Layer {
  private static final int SIZE = 256;
  private static final int HEADS = 4;
  private static final int PER_HEAD = SIZE / HEADS;

  private final boolean fused;
  private final LayerNorm norm1 = child("norm1", new LayerNorm(SIZE));
  private final LayerNorm norm2 = child("norm2", new LayerNorm(SIZE));
  private final Linear qkv = child("qkv", new Linear(SIZE, 3 * SIZE));
  private final Linear out = child("out", new Linear(SIZE, SIZE));
  private final Linear widen = child("widen", new Linear(SIZE, 4 * SIZE));
  private final Linear narrow = child("narrow", new Linear(4 * SIZE, SIZE));

  AttentionBlock(boolean fused) {
    this.fused = fused;
  }

  @Override
  public Tensor forward(Tensor x) {
    int batch = x.size(0);
    int length = x.size(1);
    List<Tensor> parts =
        qkv.forward(norm1.forward(x))
            .reshape(batch, length, 3, HEADS, PER_HEAD)
            .permute(2, 0, 3, 1, 4)
            .unbind(0);
    Tensor q = parts.get(0);
    Tensor k = parts.get(1);
    Tensor v = parts.get(2);
    Tensor attended =
        fused
            ? scaledDotProductAttention(q, k, v)
            : q.matmul(k.transpose(-2, -1)).mul(1 / Math.sqrt(PER_HEAD)).softmax(-1).matmul(v);
    Tensor y = x.add(out.forward(attended.transpose(1, 2).reshape(batch, length, SIZE)));
    return y.add(narrow.forward(widen.forward(norm2.forward(y)).gelu()));
  }
}
