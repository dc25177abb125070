package dev.autograd.train.model;

import dev.autograd.Tensor;
import dev.autograd.nn.Layer;
import dev.autograd.nn.Sequential;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.config.ModelSpec;
import java.util.Arrays;

/// Makes models from their specification and the shape of the data.
///
/// Initial weights come from the global generator, so a model follows from the specification, the
/// shape and the seed. Each new model answers a small batch once, in evaluation mode, so that one
/// that does not fit the data fails before training starts.
public final class ModelFactory {
  private final OpRegistry registry;

  /// Makes a factory.
  ///
  /// @param registry the operations that can be used as layers; its plugins' classes are also
  ///   visible to models in Java
  public ModelFactory(OpRegistry registry) {
    this.registry = registry;
  }

  /// Makes a model.
  ///
  /// @throws InputException of kind CONFIG, with the place in the user's file, when a model, layer
  ///   or option is unknown, a layer does not fit its input, a Java file does not compile, or the
  ///   model answers in another shape than the data needs
  public Layer make(ModelSpec spec, ModelShape shape) {
    Layer model =
        switch (spec) {
          case ModelSpec.Named s -> new NamedModels(new OperationLayers(registry)).make(s, shape);
          case ModelSpec.Layers s -> layers(s, shape);
          case ModelSpec.JavaFile s -> {
            s.options().accept();
            yield JavaModels.make(JavaSource.compile(s.file(), registry), shape);
          }
          case ModelSpec.JavaClass s -> {
            s.options().accept();
            yield JavaModels.named(s.className(), registry, shape, s.place());
          }
        };
    check(spec, model, shape);
    return model;
  }

  private Layer layers(ModelSpec.Layers spec, ModelShape shape) {
    int[] sample = shape.sample();
    if (!spec.input().isEmpty()
        && !Arrays.equals(sample, spec.input().stream().mapToInt(i -> i).toArray())) {
      throw InputException.config(
              "the model is for samples of %s, the data has %s"
                  .formatted(spec.input(), Arrays.toString(sample)))
          .at(spec.place())
          .hint("Leave 'input' out to take the shape of the data.")
          .build();
    }
    LayerList list = new LayerList(new OperationLayers(registry));
    return new Sequential(list.make(spec.layers(), Probe.batch(shape)));
  }

  private static void check(ModelSpec spec, Layer model, ModelShape shape) {
    Tensor y;
    try {
      y = Probe.run(model, Probe.batch(shape));
    } catch (RuntimeException e) {
      // The forward of a user's class may throw anything.
      throw e instanceof InputException wrong ? wrong : doesNotFit(spec, shape, e);
    }
    boolean flat = shape.outputs() == 1 && Arrays.equals(y.shape().dims(), new int[] {Probe.SIZE});
    if (!flat && !Arrays.equals(y.shape().dims(), new int[] {Probe.SIZE, shape.outputs()})) {
      throw InputException.config(
              "the model answers a batch of %d samples with the shape %s"
                  .formatted(Probe.SIZE, y.shape()))
          .at(spec.place())
          .expected("[%d, %d]: %s".formatted(Probe.SIZE, shape.outputs(), meaning(shape)))
          .hint("Its last layer should be linear, of size " + shape.outputs() + ".")
          .build();
    }
  }

  private static String meaning(ModelShape shape) {
    return shape.outputs() == 1 ? "one number for each sample" : "one number for each class";
  }

  private static InputException doesNotFit(
      ModelSpec spec, ModelShape shape, RuntimeException failure) {
    Place place =
        spec instanceof ModelSpec.JavaFile java
            ? JavaModels.place(java.file(), failure)
            : spec.place();
    return InputException.config("the model does not take the data: " + JavaModels.said(failure))
        .at(place)
        .hint("A batch has the shape %s.".formatted(Arrays.toString(shape.batch(Probe.SIZE))))
        .cause(failure)
        .build();
  }
}
