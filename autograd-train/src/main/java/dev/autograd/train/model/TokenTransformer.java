package dev.autograd.train.model;

import dev.autograd.Tensor;
import dev.autograd.nn.Dropout;
import dev.autograd.nn.Initializer;
import dev.autograd.nn.Layer;
import dev.autograd.nn.LayerNorm;
import dev.autograd.nn.Linear;
import dev.autograd.nn.Sequential;
import dev.autograd.nn.TransformerBlock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A transformer encoder over the parts of a sample, averaged into one answer.
///
/// Of an image the parts are square patches (Dosovitskiy et al. 2021), of a series `[T, F]` the
/// steps, of a row of a table its features, each scaled along a vector of its own (Gorishniy et al.
/// 2021). Positions are learned.
final class TokenTransformer extends Layer {

  /// The sizes.
  ///
  /// @param dim size of a token
  /// @param hidden width of the blocks' inner networks
  /// @param patch side of a square patch; 1 where there is no image
  record Options(int dim, int heads, int depth, int hidden, double dropout, int patch) {}

  private final int[] sample;
  private final int patch;
  private final @Nullable Layer embed;
  private final @Nullable Tensor directions;
  private final Tensor position;
  private final Layer dropout;
  private final Layer blocks;
  private final Layer norm;
  private final Layer head;

  TokenTransformer(ModelShape shape, Options options) {
    this.sample = shape.sample();
    this.patch = options.patch();
    int dim = options.dim();
    int tokens = sample.length == 3 ? (sample[1] / patch) * (sample[2] / patch) : sample[0];
    if (sample.length == 1) {
      this.embed = null;
      this.directions = parameter("directions", Initializer.fanInUniform(1).make(tokens, dim));
    } else {
      int width = sample.length == 3 ? sample[0] * patch * patch : sample[1];
      this.embed = child("embed", new Linear(width, dim));
      this.directions = null;
    }
    this.position = parameter("position", Initializer.normal(0, 0.02).make(tokens, dim));
    this.dropout = child("dropout", new Dropout(options.dropout()));
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < options.depth(); i++) {
      layers.add(new TransformerBlock(dim, options.heads(), options.hidden(), options.dropout()));
    }
    this.blocks = child("blocks", new Sequential(layers));
    this.norm = child("norm", new LayerNorm(dim));
    this.head = child("head", new Linear(dim, shape.outputs()));
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor tokens = dropout.forward(embed(x).add(position));
    return head.forward(norm.forward(blocks.forward(tokens)).mean(1));
  }

  private Tensor embed(Tensor x) {
    if (directions != null) {
      return x.unsqueeze(-1).mul(directions);
    }
    Layer linear = java.util.Objects.requireNonNull(embed);
    return linear.forward(sample.length == 3 ? patches(x) : x);
  }

  /// `[N, C, H, W] → [N, patches, C · patch · patch]`
  private Tensor patches(Tensor x) {
    int c = sample[0];
    int rows = sample[1] / patch;
    int columns = sample[2] / patch;
    return x.reshape(-1, c, rows, patch, columns, patch)
        .permute(0, 2, 4, 1, 3, 5)
        .reshape(-1, rows * columns, c * patch * patch);
  }
}
