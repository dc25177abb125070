package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;

class TransformerBlockTest {
  @Test
  void residualAddsItsInput() {
    Residual layer = new Residual(new Lambda("double", x -> x.mul(2)));
    Tensor x = Differences.randn(1, 3, 2);
    assertThat(layer.forward(x).toFloatArray()).isEqualTo(x.add(x.mul(2)).toFloatArray());
    assertThat(layer.toString()).isEqualTo("Residual\n  body: double");
  }

  @Test
  void residualGradientsEqualDifferences() {
    Residual layer =
        new Residual(new Sequential(new Linear(3, 3), new Lambda("tanh", Tensor::tanh)));
    Differences.scramble(layer, 1);
    assertThat(layer.namedParameters().keySet()).containsExactly("body.0.weight", "body.0.bias");
    Differences.check(layer, Differences.randn(2, 2, 3));
  }

  @Test
  void isTwoNormalisedBranchesAddedToTheInput() {
    TransformerBlock block = new TransformerBlock(4, 2, 8, 0);
    Differences.scramble(block, 3);
    Tensor x = Differences.randn(4, 2, 3, 4);
    Layer attention = block.children().get("attention").children().get("body");
    Layer network = block.children().get("network").children().get("body");
    Tensor h = x.add(attention.forward(x));
    Tensor y = h.add(network.forward(h));
    assertThat(block.forward(x).toFloatArray()).isEqualTo(y.toFloatArray());
    assertThat(attention.children().values())
        .extracting(l -> (Object) l.getClass())
        .containsExactly(LayerNorm.class, MultiHeadAttention.class, Dropout.class);
  }

  @Test
  void gradientsEqualDifferences() {
    TransformerBlock block = new TransformerBlock(4, 2, 6, 0.5);
    Differences.scramble(block, 5);
    block.eval();
    Differences.check(block, Differences.randn(6, 2, 3, 4));
  }

  @Test
  void dropsOutWhileTrainingOnly() {
    TransformerBlock block = new TransformerBlock(4, 2, 6, 0.5);
    Tensor x = Differences.randn(6, 2, 3, 4);
    assertThat(block.forward(x).toFloatArray()).isNotEqualTo(block.forward(x).toFloatArray());
    block.eval();
    assertThat(block.forward(x).toFloatArray()).isEqualTo(block.forward(x).toFloatArray());
  }

  @Test
  void countsItsParameters() {
    int size = 8;
    int hidden = 16;
    TransformerBlock block = new TransformerBlock(size, 2, hidden, 0.1);
    int norms = 2 * 2 * size;
    int attention = size * 3 * size + 3 * size + size * size + size;
    int network = size * hidden + hidden + hidden * size + size;
    assertThat(block.parameterCount()).isEqualTo(norms + attention + network);
  }
}
