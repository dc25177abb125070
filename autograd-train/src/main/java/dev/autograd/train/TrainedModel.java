package dev.autograd.train;

import dev.autograd.GradMode;
import dev.autograd.Tensor;
import dev.autograd.TensorScope;
import dev.autograd.nn.Layer;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.checkpoint.Checkpoint;
import dev.autograd.train.config.ConfigLayers;
import dev.autograd.train.config.TrainConfig;
import dev.autograd.train.data.Batch;
import dev.autograd.train.data.DataSources;
import dev.autograd.train.data.Dataset;
import dev.autograd.train.data.Loader;
import dev.autograd.train.data.Preprocessing;
import dev.autograd.train.data.TargetEncoding.ClassTarget;
import dev.autograd.train.data.TargetEncoding.RealTarget;
import dev.autograd.train.model.ModelFactory;
import dev.autograd.train.model.ModelShape;
import dev.autograd.train.run.RunDirectory;
import dev.autograd.train.run.RunStatus;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// A model as a run left it, with what is needed to use it.
///
/// @param config the run's configuration
/// @param model in evaluation mode
/// @param preprocessing how features were prepared and what the target means
/// @param checkpoint the file it was read from
public record TrainedModel(
    TrainConfig config, Layer model, Preprocessing preprocessing, Path checkpoint) {
  static final String BEST = "best.safetensors";
  static final String LAST = "last.safetensors";
  private static final int BATCH = 256;

  /// One answer.
  ///
  /// @param row from 0
  /// @param label the class of the greatest score, or empty for a number
  /// @param value the probability of that class, or the number in the unit of the data
  /// @param probabilities one for each class; empty for a number
  public record Prediction(long row, String label, double value, List<Double> probabilities) {}

  /// Which checkpoint of a run.
  public enum Which {
    /// The one of the epoch with the best validation, or the last if there is no best.
    BEST,
    /// The last one.
    LAST
  }

  /// Reads the best checkpoint of a run, or its last if there is no best.
  ///
  /// @throws InputException of kind DATA when there is none or it is damaged, of kind CONFIG when
  ///   the run's model cannot be made again
  public static TrainedModel load(RunDirectory run, OpRegistry registry) {
    return load(run, Which.BEST, registry);
  }

  /// Reads a checkpoint of a run.
  ///
  /// @throws InputException as the other form
  public static TrainedModel load(RunDirectory run, Which which, OpRegistry registry) {
    Path best = run.checkpoints().resolve(BEST);
    Path last = run.checkpoints().resolve(LAST);
    if (!Files.exists(best) && !Files.exists(last)) {
      throw InputException.data("the run " + run.path() + " has no checkpoint yet")
          .hint(
              run.record().status() == RunStatus.FAILED
                  ? "It failed in its first epoch, see its log.txt; train again with other"
                      + " settings."
                  : "Its first epoch did not end; go on with it: autograd train --resume "
                      + run.id())
          .build();
    }
    boolean takeBest = which == Which.BEST ? Files.exists(best) : !Files.exists(last);
    return load(run, takeBest ? best : last, registry);
  }

  /// Reads a checkpoint file, or the best one of a run's folder.
  ///
  /// @throws InputException as the other form
  public static TrainedModel load(Path reference, OpRegistry registry) {
    Path folder = reference.toAbsolutePath().getParent();
    if (Files.isRegularFile(reference) && folder != null && folder.getParent() != null) {
      return load(RunDirectory.open(folder.getParent()), reference, registry);
    }
    return load(RunDirectory.open(reference), registry);
  }

  private static TrainedModel load(RunDirectory run, Path file, OpRegistry registry) {
    if (!Files.exists(run.configFile())) {
      throw InputException.data("the run " + run.path() + " has no config.yaml")
          .expected("a folder that 'autograd train' made")
          .build();
    }
    TrainConfig config = new ConfigLayers().file(run.configFile()).resolve().config();
    Checkpoint checkpoint = Checkpoint.read(file);
    Preprocessing preprocessing = Snapshot.preprocessing(checkpoint, file);
    Layer model = new ModelFactory(registry).make(config.model(), ModelShape.of(preprocessing));
    Snapshot.restoreModel(checkpoint, model, file);
    model.eval();
    return new TrainedModel(config, model, preprocessing, file);
  }

  /// Returns what the model takes and answers.
  public ModelShape shape() {
    return ModelShape.of(preprocessing);
  }

  /// Measures the model on data with targets.
  public Evaluator.Result evaluate(Dataset data) {
    return Evaluator.evaluate(model, data, config.loss());
  }

  /// Answers every sample of a dataset in its order.
  public void predict(Dataset data, Consumer<Prediction> sink) {
    predict(data, 0, sink);
  }

  /// Answers the rows of a CSV table while they arrive, such as on standard input.
  ///
  /// @param place names the stream in errors
  /// @throws InputException of kind DATA when a row is malformed; the rows before it are answered
  public void predict(InputStream csv, Place place, char delimiter, Consumer<Prediction> sink) {
    AtomicLong row = new AtomicLong();
    DataSources.stream(
        csv,
        place,
        delimiter,
        preprocessing,
        BATCH,
        data -> predict(data, row.getAndAdd(data.size()), sink));
  }

  private void predict(Dataset data, long firstRow, Consumer<Prediction> sink) {
    long row = firstRow;
    try (var _ = GradMode.noGrad()) {
      for (Batch batch : Loader.inOrder(data, BATCH).epoch(0, 0)) {
        int n = batch.size();
        double[] p;
        try (var _ = TensorScope.open()) {
          Tensor y = model.forward(Tensor.of(batch.features(), batch.shape()));
          boolean classifies = preprocessing.target() instanceof ClassTarget;
          p = (classifies ? y.reshape(n, -1).softmax(1) : y).toDoubleArray();
        }
        switch (preprocessing.target()) {
          case ClassTarget t -> {
            int classes = t.classes().size();
            for (int i = 0; i < n; i++) {
              sink.accept(best(row++, t, Arrays.copyOfRange(p, i * classes, (i + 1) * classes)));
            }
          }
          case RealTarget t -> {
            for (double v : p) {
              sink.accept(new Prediction(row++, "", t.restore(v), List.of()));
            }
          }
        }
      }
    }
  }

  private static Prediction best(long row, ClassTarget target, double[] p) {
    int best = 0;
    for (int c = 1; c < p.length; c++) {
      if (p[c] > p[best]) {
        best = c;
      }
    }
    return new Prediction(
        row, target.classes().get(best), p[best], Arrays.stream(p).boxed().toList());
  }

  /// Loads the data that the run was trained on, parted as it was.
  public Dataset split(String name) {
    return DataSources.load(config.data().spec(), config.data().plan(config.seed())).named(name);
  }
}
