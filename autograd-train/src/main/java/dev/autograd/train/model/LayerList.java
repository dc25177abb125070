package dev.autograd.train.model;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.nn.AdaptiveAvgPool2d;
import dev.autograd.nn.AvgPool2d;
import dev.autograd.nn.BatchNorm;
import dev.autograd.nn.Conv2d;
import dev.autograd.nn.Dropout;
import dev.autograd.nn.Embedding;
import dev.autograd.nn.Flatten;
import dev.autograd.nn.Lambda;
import dev.autograd.nn.Layer;
import dev.autograd.nn.LayerNorm;
import dev.autograd.nn.Linear;
import dev.autograd.nn.MaxPool2d;
import dev.autograd.nn.MultiHeadAttention;
import dev.autograd.nn.Residual;
import dev.autograd.nn.Sequential;
import dev.autograd.nn.TransformerBlock;
import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.config.LayerSpec;
import dev.autograd.train.config.Options;
import dev.autograd.train.config.YamlNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Makes the layers of a model file. Sizes that follow from the input are not written there: each
/// layer is made for the shape that the layers before it turn a probe batch into.
final class LayerList {

  /// Makes a layer for an input like `x`.
  @FunctionalInterface
  private interface Maker {
    Layer make(LayerSpec spec, Tensor x);
  }

  private final OperationLayers operations;
  private final Map<String, Maker> makers = new LinkedHashMap<>();

  LayerList(OperationLayers operations) {
    this.operations = operations;
    makers.put("linear", LayerList::linear);
    makers.put("conv2d", LayerList::conv2d);
    makers.put("maxpool2d", (spec, x) -> pool(spec, true));
    makers.put("avgpool2d", (spec, x) -> pool(spec, false));
    makers.put("adaptiveavgpool2d", (spec, x) -> adaptivePool(spec));
    makers.put("flatten", (spec, x) -> plain(spec, new Flatten()));
    makers.put("reshape", (spec, x) -> reshape(spec));
    makers.put("dropout", (spec, x) -> dropout(spec));
    makers.put("batchnorm", (spec, x) -> plain(spec, new BatchNorm(dimension(spec, x, 1))));
    makers.put("layernorm", (spec, x) -> plain(spec, new LayerNorm(dimension(spec, x, -1))));
    makers.put("embedding", (spec, x) -> embedding(spec));
    makers.put("attention", LayerList::attention);
    makers.put("transformer", LayerList::transformer);
    makers.put("residual", (spec, x) -> new Residual(new Sequential(make(inner(spec), x))));
    makers.put("sequential", (spec, x) -> new Sequential(make(inner(spec), x)));
  }

  /// Makes layers for an input like `x`, which need not be a batch of the data.
  ///
  /// @throws InputException of kind CONFIG when a layer or option is unknown, or a layer does not
  ///   fit its input
  List<Layer> make(List<LayerSpec> specs, Tensor x) {
    List<Layer> layers = new ArrayList<>();
    Tensor y = x;
    for (LayerSpec spec : specs) {
      try {
        Layer layer = one(spec, y);
        y = Probe.run(layer, y);
        layers.add(layer);
      } catch (AutogradException | IllegalArgumentException | IndexOutOfBoundsException e) {
        throw InputException.config(
                "layer '%s' does not fit its input of shape %s: %s"
                    .formatted(spec.name(), withoutBatch(y.shape()), e.getMessage()))
            .at(spec.place())
            .cause(e)
            .build();
      }
    }
    return layers;
  }

  private Layer one(LayerSpec spec, Tensor x) {
    Maker maker = makers.get(spec.name());
    if (maker != null) {
      return maker.make(spec, x);
    }
    if (operations.has(spec.name())) {
      return operations.make(spec);
    }
    List<String> known =
        Stream.concat(makers.keySet().stream(), operations.names().stream()).toList();
    throw InputException.config("unknown layer '" + spec.name() + "'")
        .at(spec.place())
        .didYouMean(spec.name(), known)
        .hint("layers: " + String.join(", ", makers.keySet()) + ",")
        .hint(
            "or any operation of one tensor, such as relu, gelu or tanh; a plugin's needs its jar:"
                + " --plugin JAR.")
        .build();
  }

  private static String withoutBatch(Shape shape) {
    int[] sizes = shape.dims();
    return Arrays.toString(Arrays.copyOfRange(sizes, Math.min(1, sizes.length), sizes.length));
  }

  private static Layer plain(LayerSpec spec, Layer layer) {
    spec.options(null).accept();
    return layer;
  }

  private static int dimension(LayerSpec spec, Tensor x, int dim) {
    if (x.rank() < 2) {
      throw new IllegalArgumentException(spec.name() + " takes at least one dimension");
    }
    return x.size(dim);
  }

  private static Layer linear(LayerSpec spec, Tensor x) {
    Options options = spec.options("out").accept("out", "bias");
    return new Linear(
        dimension(spec, x, -1), options.integer("out", 1), options.truth("bias", true));
  }

  private static Layer conv2d(LayerSpec spec, Tensor x) {
    Options options =
        spec.options("out")
            .accept("out", "kernel", "stride", "padding", "dilation", "groups", "bias");
    if (x.rank() != 4) {
      throw new IllegalArgumentException("it takes [channels, height, width]");
    }
    int channels = x.size(1);
    int out = options.integer("out", 1);
    int kernel = options.integer("kernel", 1, 3);
    int dilation = options.integer("dilation", 1, 1);
    int groups = options.integer("groups", 1, 1);
    if (channels % groups != 0 || out % groups != 0) {
      throw InputException.config(
              "%d channels and %d filters do not divide into %d groups"
                  .formatted(channels, out, groups))
          .at(options.place("groups"))
          .build();
    }
    return new Conv2d(
        channels,
        out,
        kernel,
        new Conv2d.Options(
            options.integer("stride", 1, 1),
            padding(options, dilation * (kernel - 1)),
            dilation,
            groups,
            options.truth("bias", true)));
  }

  /// Reads a number, or `same`, which keeps the size at stride 1.
  private static int padding(Options options, int span) {
    if (options.node("padding") instanceof YamlNode.Scalar s && s.value() instanceof String) {
      options.word("padding", List.of("same"), "same");
      if (span % 2 != 0) {
        throw InputException.config("padding 'same' needs an odd kernel")
            .at(options.place("padding"))
            .build();
      }
      return span / 2;
    }
    return options.integer("padding", 0, 0);
  }

  private static Layer pool(LayerSpec spec, boolean max) {
    Options options = spec.options("kernel").accept("kernel", "stride", "padding");
    int kernel = options.integer("kernel", 1, 2);
    int stride = options.integer("stride", 1, kernel);
    int padding = options.integer("padding", 0, 0);
    return max ? new MaxPool2d(kernel, stride, padding) : new AvgPool2d(kernel, stride, padding);
  }

  private static Layer adaptivePool(LayerSpec spec) {
    Options options = spec.options("size").accept("size");
    int[] size = options.integers("size", 1, 1);
    if (size.length == 0 || size.length > 2) {
      throw InputException.config("'adaptiveavgpool2d.size' must be one or two whole numbers")
          .at(options.place("size"))
          .build();
    }
    return new AdaptiveAvgPool2d(size[0], size[size.length - 1]);
  }

  private static Layer reshape(LayerSpec spec) {
    Options options = spec.options("shape").accept("shape");
    int[] sizes = options.integers("shape", -1);
    Place place = options.place("shape");
    if (sizes.length == 0 || Arrays.stream(sizes).filter(s -> s == -1).count() > 1) {
      throw InputException.config("'reshape' needs the sizes of one sample")
          .at(place)
          .expected("'reshape: [16, 7, 7]', at most one of them -1 for what remains")
          .build();
    }
    boolean open = Arrays.stream(sizes).anyMatch(s -> s == -1);
    // Without a size to infer the batch itself can be the -1, which keeps exported models open.
    return new Lambda(
        "Reshape" + Arrays.toString(sizes),
        x -> x.reshape(new ModelShape(sizes, 1).batch(open ? x.size(0) : -1)));
  }

  private static Layer dropout(LayerSpec spec) {
    Options options = spec.options("p").accept("p");
    double p = options.number("p", 0.5);
    if (!(p >= 0 && p < 1)) {
      throw InputException.config(
              "'dropout.p' must be a number of at least 0 and below 1, got " + p)
          .at(options.place("p"))
          .build();
    }
    return new Dropout(p);
  }

  /// The features of data are floating; an index is one of them cut to a whole number.
  private static Layer embedding(LayerSpec spec) {
    Options options = spec.options(null).accept("count", "size");
    return new Sequential(
        new Lambda("ToIndex", x -> x.to(DType.I64)),
        new Embedding(options.integer("count", 1), options.integer("size", 1)));
  }

  private static Layer attention(LayerSpec spec, Tensor x) {
    Options options = spec.options("heads").accept("heads", "causal");
    return new MultiHeadAttention(
        tokens(x), options.integer("heads", 1, 4), options.truth("causal", false));
  }

  private static Layer transformer(LayerSpec spec, Tensor x) {
    Options options = spec.options("heads").accept("heads", "hidden", "dropout");
    int size = tokens(x);
    return new TransformerBlock(
        size,
        options.integer("heads", 1, 4),
        options.integer("hidden", 1, 2 * size),
        options.number("dropout", 0));
  }

  private static int tokens(Tensor x) {
    if (x.rank() != 3) {
      throw new IllegalArgumentException("it takes [positions, size]");
    }
    return x.size(-1);
  }

  private static List<LayerSpec> inner(LayerSpec spec) {
    spec.options("layers").accept("layers");
    YamlNode list = spec.options("layers").node("layers");
    if (list == null) {
      throw InputException.config("layer '%s' needs a list of layers".formatted(spec.name()))
          .at(spec.place())
          .expected("'" + spec.name() + ": [linear: 64, relu]'")
          .build();
    }
    return LayerSpec.list(spec.name(), list);
  }
}
