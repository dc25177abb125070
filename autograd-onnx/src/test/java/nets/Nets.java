package nets;

import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.nn.BatchNorm;
import dev.autograd.nn.Conv2d;
import dev.autograd.nn.Flatten;
import dev.autograd.nn.Lambda;
import dev.autograd.nn.Layer;
import dev.autograd.nn.Linear;
import dev.autograd.nn.MaxPool2d;
import dev.autograd.nn.Sequential;
import dev.autograd.nn.TransformerBlock;
import dev.autograd.ops.index.Embedding;
import dev.autograd.spi.OnnxGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Models that are exported, and models that must not be.
public final class Nets {
  private Nets() {}

  /// Two linear layers over `[N, 6]`.
  public static Layer mlp() {
    return new Sequential(new Linear(6, 16), new Lambda("relu", Tensor::relu), new Linear(16, 3));
  }

  /// A convolution with batch normalisation and a pool over `[N, 1, 8, 8]`.
  public static Layer cnn() {
    return new Sequential(
        new Conv2d(1, 4, 3, Conv2d.Options.DEFAULTS.withPadding(1)),
        new BatchNorm(4),
        new Lambda("relu", Tensor::relu),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(64, 5));
  }

  /// Two transformer blocks over `[N, 5, 8]`, the mean of whose positions is classified.
  public static Layer transformer() {
    return new Sequential(
        new TransformerBlock(8, 2, 16, 0.1),
        new TransformerBlock(8, 2, 16, 0.1),
        new Lambda("mean", x -> x.mean(1)),
        new Linear(8, 3));
  }

  /// Words looked up, and scored by the table they were looked up in: one weight used twice.
  public static Layer tiedEmbedding() {
    return new Layer() {
      private final Tensor words = parameter("words", Tensor.randn(11, 4));

      @Override
      public Tensor forward(Tensor x) {
        return Embedding.embedding(x, words).mean(1).matmul(words.t());
      }
    };
  }

  /// Sizes from the batch in many places.
  public static Tensor sizes(Tensor x) {
    int n = x.size(0);
    Tensor doubled = Tensor.cat(List.of(x, x), 0);
    Tensor rows = doubled.reshape(2, n, x.size(1)).transpose(0, 1).reshape(n, 2 * x.size(1));
    return rows.slice(0, 0, n, 1).reshape(n * 2, x.size(1)).reshape(n, -1);
  }

  /// A state of zeros as large as the batch, as recurrent models begin with.
  public static Tensor recurrent(Tensor x) {
    Tensor state = Tensor.zeros(Shape.of(x.size(0), 4), x.dtype());
    for (int t = 0; t < 3; t++) {
      state = state.add(x.select(1, t)).tanh();
    }
    return state;
  }

  /// Divides by the size of the batch.
  public static Tensor sharedMean(Tensor x) {
    return x.sub(x.sum(0).div(x.size(0)));
  }

  /// Adds into chosen elements, which ONNX can do from opset 16 on.
  public static Tensor scatters(Tensor x) {
    return x.scatterAdd(1, Tensor.of(new long[] {0, 0}, 1, 2), Tensor.ones(1, 2));
  }

  /// Takes one path or the other by the values it sees.
  public static Tensor dataDependent(Tensor x) {
    if (x.sum().item() > 0) {
      return x.relu();
    }
    return x.tanh().neg();
  }

  /// Looks at a value that is the same for nearly all inputs.
  public static Tensor guarded(Tensor x) {
    if (x.detach().add(0).isNan().any().item() != 0) {
      return x.mul(0);
    }
    return x.tanh();
  }

  /// Looks at a constant only.
  public static Tensor readsConstant(Tensor x) {
    System.getLogger("nets").log(System.Logger.Level.DEBUG, () -> "input " + x);
    return x.mul(Tensor.ones(3).sum().item());
  }

  /// Bakes a number that it read into the result.
  public static Tensor readsValue(Tensor x) {
    return x.mul(x.amax().item());
  }

  /// Goes through the batch sample by sample.
  public static Tensor loopsOverBatch(Tensor x) {
    List<Tensor> rows = new ArrayList<>();
    for (int i = 0; i < x.size(0); i++) {
      rows.add(x.select(0, i).softmax(0));
    }
    return Tensor.stack(rows, 0);
  }

  /// Writes into a tensor that it computed.
  public static Tensor inPlace(Tensor x) {
    Tensor y = x.mul(2);
    y.relu_();
    return y.add_(1);
  }

  /// Two operations that ONNX knows nothing of.
  public static Tensor unsupported(Tensor x) {
    Tensor y = new Secret(1).apply(x.relu());
    return new Secret(2).apply(y);
  }

  /// An operation that computes on the array itself and has no ONNX form.
  ///
  /// @param shift what is added
  public record Secret(int shift) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      float[] values = in[0].toFloatArray();
      for (int i = 0; i < values.length; i++) {
        values[i] += shift;
      }
      return Tensor.of(values, in[0].shape().dims());
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g};
    }
  }

  /// An operation without ONNX form whose forward is made of others.
  public record Squareplus() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].square().add(4).sqrt().add(in[0]).div(2);
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      throw new UnsupportedOperationException("not needed here");
    }
  }

  /// Doubles, and claims in ONNX to triple.
  public record Liar() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      float[] values = in[0].toFloatArray();
      for (int i = 0; i < values.length; i++) {
        values[i] *= 2;
      }
      return Tensor.of(values, in[0].shape().dims());
    }

    @Override
    public @Nullable Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(2)};
    }

    @Override
    public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
      OnnxGraph.Value three = graph.scalar(in[0].dtype(), 3);
      return graph.node("Mul", Map.of(), in[0].dtype(), in[0].shape(), in[0], three);
    }
  }

  /// A right operation, a wrong one, a right one.
  public static Tensor lying(Tensor x) {
    Tensor y = x.relu();
    Tensor z = new Liar().apply(y);
    return z.tanh();
  }
}
