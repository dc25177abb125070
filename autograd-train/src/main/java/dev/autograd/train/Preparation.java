package dev.autograd.train;

import dev.autograd.Generator;
import dev.autograd.nn.Layer;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.config.ConfigLayers.Resolved;
import dev.autograd.train.config.TrainConfig;
import dev.autograd.train.data.BatchOrder;
import dev.autograd.train.data.DataSources;
import dev.autograd.train.data.DataSplits;
import dev.autograd.train.data.Loader;
import dev.autograd.train.model.ModelFactory;
import dev.autograd.train.model.ModelShape;

/// What a configuration stands for: the data, the model with its first weights, and what is made
/// small. Nothing is written, so whatever is wrong with the data or the model shows before there is
/// a run.
public final class Preparation {
  private final Resolved resolved;
  private final DataSplits data;
  private final Objective objective;
  private final Layer model;
  private final Loader loader;
  private final long drawn;

  private Preparation(
      Resolved resolved, DataSplits data, Objective objective, Layer model, Loader loader) {
    this.resolved = resolved;
    this.data = data;
    this.objective = objective;
    this.model = model;
    this.loader = loader;
    this.drawn = Generator.global().position();
  }

  /// Loads the data and makes the model. The global generator restarts at the seed.
  ///
  /// @param registry the operations that the model may use
  /// @throws InputException of kind DATA when the data cannot be read, of kind CONFIG when the
  ///   model or the loss does not fit it
  public static Preparation of(Resolved resolved, OpRegistry registry) {
    TrainConfig config = resolved.config();
    DataSplits data = DataSources.load(config.data().spec(), config.data().plan(config.seed()));
    Objective objective = Objective.of(config.loss(), data.train().preprocessing().target());
    Generator.global().manualSeed(config.seed());
    Layer model = new ModelFactory(registry).make(config.model(), ModelShape.of(data.train()));
    TrainConfig.Train t = config.train();
    int samples = data.train().size();
    BatchOrder order =
        new BatchOrder(samples, t.batchSize(), config.seed(), t.shuffle(), t.dropLast());
    if (order.batches() == 0) {
      throw InputException.config(
              "%d training samples make no batch of %d".formatted(samples, t.batchSize()))
          .at(resolved.sources().getOrDefault("train.batchSize", Place.of("default")))
          .hint("Take a smaller train.batchSize, or set train.dropLast to false.")
          .build();
    }
    return new Preparation(resolved, data, objective, model, new Loader(data.train(), order));
  }

  /// Returns the configuration.
  public TrainConfig config() {
    return resolved.config();
  }

  /// Returns the data.
  public DataSplits data() {
    return data;
  }

  /// Returns the model.
  public Layer model() {
    return model;
  }

  /// Sets the global generator to where it was when the model had been made.
  void restoreGenerator() {
    Generator.global().manualSeed(config().seed());
    Generator.global().position(drawn);
  }

  Resolved resolved() {
    return resolved;
  }

  Objective objective() {
    return objective;
  }

  Loader loader() {
    return loader;
  }
}
