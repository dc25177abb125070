package dev.autograd.cli;

import dev.autograd.train.TrainedModel;
import dev.autograd.train.run.Runs;
import java.nio.file.Files;
import java.nio.file.Path;

/// Finds trained models as the user names them.
final class Models {
  private Models() {}

  /// Reads the model of a run, or of a checkpoint file.
  ///
  /// @param reference a run's folder, its name, `latest`, or a checkpoint
  static TrainedModel load(RootCommand root, String reference) {
    if (Files.isRegularFile(Path.of(reference))) {
      return TrainedModel.load(Path.of(reference), root.registry());
    }
    return TrainedModel.load(
        new Runs(root.folder.resolve("runs")).resolve(reference), root.registry());
  }
}
