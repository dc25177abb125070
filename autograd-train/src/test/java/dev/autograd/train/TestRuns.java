package dev.autograd.train;

import dev.autograd.Tensor;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.config.ConfigLayers;
import dev.autograd.train.config.ConfigLayers.Resolved;
import dev.autograd.train.metrics.EpochRecord;
import dev.autograd.train.metrics.History;
import dev.autograd.train.run.RunDirectory;
import dev.autograd.train.run.RunRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/// Runs in a temporary folder.
record TestRuns(Path folder) {
  static final OpRegistry REGISTRY = OpRegistry.load();

  static Resolved config(String... assignments) {
    ConfigLayers layers = new ConfigLayers().set("data=digits");
    for (String a : assignments) {
      layers.set(a);
    }
    return layers.resolve();
  }

  Trainer start(String name, TrainListener listener, Resolved resolved) {
    RunDirectory run = RunDirectory.createAt(folder.resolve(name));
    RunRecord record =
        RunRecord.starting(
            name, List.of("train"), Map.of(), resolved.config().seed(), 1, "test", Instant.EPOCH);
    return Trainer.start(Preparation.of(resolved, REGISTRY), run, record, listener);
  }

  Trainer.Result run(String name, String... assignments) {
    return start(name, TrainListener.none(), config(assignments)).run();
  }

  /// Trains and stops after a batch, both counted from 1.
  Trainer.Result runUntil(int epoch, int batch, String name, String... assignments) {
    AtomicReference<Trainer> trainer = new AtomicReference<>();
    TrainListener stopper =
        new TrainListener() {
          @Override
          public void batch(Progress p) {
            if (p.epoch() == epoch && p.batch() == batch) {
              trainer.get().stop();
            }
          }
        };
    trainer.set(start(name, stopper, config(assignments)));
    return trainer.get().run();
  }

  Trainer resume(String name, String... changes) {
    ConfigLayers layers = new ConfigLayers().file(open(name).configFile());
    for (String change : changes) {
      layers.set(change);
    }
    return Trainer.resume(layers.resolve(), open(name), REGISTRY, TrainListener.none());
  }

  RunDirectory open(String name) {
    return RunDirectory.open(folder.resolve(name));
  }

  Path checkpoint(String name, String file) {
    return open(name).checkpoints().resolve(file);
  }

  List<EpochRecord> epochs(String name) {
    return History.read(open(name).metricsFile()).epochs();
  }

  /// The weights of a run's last checkpoint, by name, to be compared bit for bit.
  Map<String, List<Integer>> weights(String name) {
    Map<String, List<Integer>> bits = new TreeMap<>();
    TrainedModel.load(open(name), TrainedModel.Which.LAST, REGISTRY)
        .model()
        .state()
        .forEach((key, t) -> bits.put(key, bits(t)));
    return bits;
  }

  private static List<Integer> bits(Tensor t) {
    float[] values = t.toFloatArray();
    Integer[] bits = new Integer[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return List.of(bits);
  }
}
