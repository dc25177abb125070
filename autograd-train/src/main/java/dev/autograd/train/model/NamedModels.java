package dev.autograd.train.model;

import dev.autograd.nn.Conv2d;
import dev.autograd.nn.Dropout;
import dev.autograd.nn.Flatten;
import dev.autograd.nn.Layer;
import dev.autograd.nn.Linear;
import dev.autograd.nn.MaxPool2d;
import dev.autograd.nn.Sequential;
import dev.autograd.train.InputException;
import dev.autograd.train.config.ModelSpec;
import dev.autograd.train.config.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The models known by name: `linear`, `mlp`, `cnn`, `transformer`.
record NamedModels(OperationLayers operations) {

  Layer make(ModelSpec.Named spec, ModelShape shape) {
    return switch (spec.type()) {
      case "linear" -> linear(spec.options(), shape);
      case "mlp" -> mlp(spec.options(), shape);
      case "cnn" -> cnn(spec, shape);
      case "transformer" -> transformer(spec, shape);
      default ->
          throw InputException.config("unknown model '" + spec.type() + "'")
              .at(spec.place())
              .didYouMean(spec.type(), ModelSpec.TYPES)
              .build();
    };
  }

  private static Layer linear(Options options, ModelShape shape) {
    options.accept();
    return new Sequential(new Flatten(), new Linear(shape.inputs(), shape.outputs()));
  }

  /// Classes gain from dropout even on small data; a number to predict would only get noisier.
  private Layer mlp(Options options, ModelShape shape) {
    options.accept("hidden", "activation", "dropout");
    List<Layer> layers = new ArrayList<>(List.of(new Flatten()));
    int width = shape.inputs();
    double dropout = dropout(options, shape.outputs() > 1 ? 0.2 : 0);
    for (int hidden : options.integers("hidden", 1, 128, 64)) {
      layers.add(new Linear(width, hidden));
      layers.add(activation(options));
      addDropout(layers, dropout);
      width = hidden;
    }
    layers.add(new Linear(width, shape.outputs()));
    return new Sequential(layers);
  }

  /// Convolutions that keep the size, each followed by a pool that halves it while there is
  /// something to halve, then one hidden linear layer.
  private Layer cnn(ModelSpec.Named spec, ModelShape shape) {
    Options options =
        spec.options().accept("channels", "kernel", "hidden", "activation", "dropout");
    int[] sample = shape.sample();
    if (sample.length != 3) {
      throw InputException.config(
              "model 'cnn' takes images, the samples of the data have the shape "
                  + Arrays.toString(sample))
          .at(spec.place())
          .expected("samples of [channels, height, width]")
          .hint("Take the model mlp or linear for tables.")
          .build();
    }
    int kernel = options.integer("kernel", 1, 3);
    if (kernel % 2 == 0) {
      throw InputException.config("'model.kernel' must be odd, got " + kernel)
          .at(options.place("kernel"))
          .build();
    }
    List<Layer> layers = new ArrayList<>();
    int channels = sample[0];
    int height = sample[1];
    int width = sample[2];
    for (int out : options.integers("channels", 1, 16, 32)) {
      layers.add(
          new Conv2d(channels, out, kernel, Conv2d.Options.DEFAULTS.withPadding(kernel / 2)));
      layers.add(activation(options));
      if (Math.min(height, width) >= 2) {
        layers.add(new MaxPool2d(2));
        height /= 2;
        width /= 2;
      }
      channels = out;
    }
    layers.add(new Flatten());
    int hidden = options.integer("hidden", 1, 128);
    layers.add(new Linear(channels * height * width, hidden));
    layers.add(activation(options));
    addDropout(layers, dropout(options, 0));
    layers.add(new Linear(hidden, shape.outputs()));
    return new Sequential(layers);
  }

  private static Layer transformer(ModelSpec.Named spec, ModelShape shape) {
    Options options = spec.options().accept("dim", "heads", "depth", "hidden", "dropout", "patch");
    int dim = options.integer("dim", 1, 64);
    int heads = options.integer("heads", 1, 4);
    if (dim % heads != 0) {
      throw InputException.config(
              "'model.dim' must be a multiple of 'model.heads', got %d and %d"
                  .formatted(dim, heads))
          .at(options.place(options.has("heads") ? "heads" : "dim"))
          .build();
    }
    int[] sample = shape.sample();
    boolean image = sample.length == 3;
    int patch = image ? patch(options, sample[1], sample[2]) : 1;
    if (!image && options.has("patch")) {
      throw InputException.config("'model.patch' is for images")
          .at(options.place("patch"))
          .hint("In a table every feature is a token of its own.")
          .build();
    }
    return new TokenTransformer(
        shape,
        new TokenTransformer.Options(
            dim,
            heads,
            options.integer("depth", 1, 2),
            options.integer("hidden", 1, 2 * dim),
            dropout(options, 0),
            patch));
  }

  /// Takes the largest patch, of at most a quarter of the side, that the image divides into.
  private static int patch(Options options, int height, int width) {
    if (options.has("patch")) {
      int patch = options.integer("patch", 1);
      if (height % patch != 0 || width % patch != 0) {
        throw InputException.config(
                "images of %d x %d do not divide into patches of %d"
                    .formatted(height, width, patch))
            .at(options.place("patch"))
            .build();
      }
      return patch;
    }
    int patch = Math.max(1, Math.min(4, Math.min(height, width) / 4));
    while (height % patch != 0 || width % patch != 0) {
      patch--;
    }
    return patch;
  }

  private Layer activation(Options options) {
    String name = options.text("activation", "relu");
    if (!operations.has(name)) {
      throw InputException.config("unknown model.activation '" + name + "'")
          .at(options.place("activation"))
          .didYouMean(name, operations.names())
          .expected("an operation of one tensor, such as relu, gelu, silu or tanh")
          .build();
    }
    return operations.make(name);
  }

  private static double dropout(Options options, double usual) {
    double p = options.number("dropout", usual);
    if (!(p >= 0 && p < 1)) {
      throw InputException.config(
              "'model.dropout' must be a number of at least 0 and below 1, got " + p)
          .at(options.place("dropout"))
          .build();
    }
    return p;
  }

  private static void addDropout(List<Layer> layers, double p) {
    if (p > 0) {
      layers.add(new Dropout(p));
    }
  }
}
