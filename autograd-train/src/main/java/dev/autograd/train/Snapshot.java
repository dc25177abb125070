package dev.autograd.train;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.nn.Layer;
import dev.autograd.optim.Optimizer;
import dev.autograd.train.checkpoint.Checkpoint;
import dev.autograd.train.checkpoint.ElementType;
import dev.autograd.train.checkpoint.NamedArray;
import dev.autograd.train.checkpoint.TrainerState;
import dev.autograd.train.data.Preprocessing;
import dev.autograd.train.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Turns a model, its optimizer and the place in a run into a checkpoint, and back.
final class Snapshot {
  private static final String MODEL = "model/";
  private static final String OPTIMIZER = "optimizer/";

  private Snapshot() {}

  static Checkpoint take(
      Layer model, Optimizer optimizer, TrainerState state, Preprocessing preprocessing) {
    List<NamedArray> arrays = new ArrayList<>();
    model.state().forEach((name, t) -> arrays.add(array(MODEL + name, t)));
    optimizer.state().forEach((name, t) -> arrays.add(array(OPTIMIZER + name, t)));
    JsonObject json =
        new JsonObject()
            .put("trainer", state.toJson())
            .put("preprocessing", preprocessing.toJson())
            .put("generatorPosition", Generator.global().position());
    return new Checkpoint(arrays, json);
  }

  static void restoreModel(Checkpoint checkpoint, Layer model, Path file) {
    try {
      model.load(tensors(checkpoint, MODEL));
    } catch (dev.autograd.AutogradException e) {
      throw InputException.data(
              "the checkpoint " + file + " is of another model: " + e.getMessage())
          .build();
    }
  }

  static TrainerState restore(Checkpoint checkpoint, Layer model, Optimizer optimizer, Path file) {
    restoreModel(checkpoint, model, file);
    Place place = Place.of(file);
    TrainerState state = TrainerState.fromJson(checkpoint.state().object("trainer", place), place);
    optimizer.load(tensors(checkpoint, OPTIMIZER), state.step());
    Generator.global().position(checkpoint.state().integer("generatorPosition", place));
    return state;
  }

  static Preprocessing preprocessing(Checkpoint checkpoint, Path file) {
    Place place = Place.of(file);
    return Preprocessing.fromJson(checkpoint.state().object("preprocessing", place), place);
  }

  private static NamedArray array(String name, Tensor t) {
    return new NamedArray(
        name, ElementType.valueOf(t.dtype().name()), t.shape().dims(), t.toArray());
  }

  private static Map<String, Tensor> tensors(Checkpoint checkpoint, String prefix) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (NamedArray a : checkpoint.arrays()) {
      if (a.name().startsWith(prefix)) {
        Storage storage = Storage.of(a.array(), DType.valueOf(a.type().name()));
        all.put(a.name().substring(prefix.length()), Tensor.of(storage, Shape.of(a.shape())));
      }
    }
    return all;
  }
}
