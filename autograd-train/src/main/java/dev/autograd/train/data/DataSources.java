package dev.autograd.train.data;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.io.InputStream;
import java.util.function.Consumer;

/// Loads data.
public final class DataSources {
  private DataSources() {}

  /// Loads data to train on, divided by the plan; the encoding is fitted to the training part.
  ///
  /// @throws InputException of kind DATA when the data is missing or malformed
  public static DataSplits load(DataSpec spec, SplitPlan plan) {
    return switch (spec) {
      case DataSpec.Digits s -> Digits.load(plan);
      case DataSpec.Synthetic s -> plan.apply(Synthetic.make(s, plan.seed()));
      case DataSpec.Csv s ->
          TableInference.split(CsvTable.read(s.path(), s.options().delimiter()), s.options(), plan);
      case DataSpec.Idx s -> IdxImages.load(s.path(), plan);
    };
  }

  /// Loads data for a trained model, prepared as its training data was.
  ///
  /// Of digits, all samples; of a folder of IDX files, the test pair if there is one.
  ///
  /// @param known the preprocessing that was kept with the model
  /// @param needTargets whether data without targets is an error; evaluation needs them, prediction
  ///   does not
  /// @param seed for data made on the spot
  /// @throws InputException of kind DATA when the data is missing, malformed, or of another kind
  ///   than what the model was trained on
  public static Dataset load(DataSpec spec, Preprocessing known, boolean needTargets, long seed) {
    return switch (spec) {
      case DataSpec.Digits s -> same(Digits.all(), known, spec);
      case DataSpec.Synthetic s -> same(Synthetic.make(s, seed), known, spec);
      case DataSpec.Csv s ->
          table(known, spec).encode(CsvTable.read(s.path(), s.options().delimiter()), needTargets);
      case DataSpec.Idx s -> {
        if (!(known instanceof PixelScaling pixels)) {
          throw otherKind(spec, "a table");
        }
        yield IdxImages.evaluate(s.path(), pixels, needTargets);
      }
    };
  }

  /// Reads a CSV table to predict for from a stream, such as standard input.
  ///
  /// @param place names the stream in errors, such as `<stdin>`
  public static Dataset load(
      InputStream csv, Place place, char delimiter, Preprocessing known, boolean needTargets) {
    return table(known, place).encode(CsvTable.read(csv, place, delimiter), needTargets);
  }

  /// Reads a CSV table to predict for from a stream, handing on its rows while they arrive.
  ///
  /// @param place names the stream in errors, such as `<stdin>`
  /// @param most how many rows are handed on at once; fewer when no more are waiting
  public static void stream(
      InputStream csv,
      Place place,
      char delimiter,
      Preprocessing known,
      int most,
      Consumer<Dataset> sink) {
    TableEncoding table = table(known, place);
    CsvTable.stream(csv, place, delimiter, most, rows -> sink.accept(table.encode(rows, false)));
  }

  private static TableEncoding table(Preprocessing known, Place place) {
    if (known instanceof TableEncoding table) {
      return table;
    }
    throw InputException.data("the model was trained on images, so it cannot read a table")
        .at(place)
        .build();
  }

  private static Dataset same(Dataset data, Preprocessing known, DataSpec spec) {
    if (!data.preprocessing().equals(known)) {
      throw otherKind(spec, "other data");
    }
    return data;
  }

  private static TableEncoding table(Preprocessing known, DataSpec spec) {
    if (known instanceof TableEncoding table) {
      return table;
    }
    throw otherKind(spec, "images");
  }

  private static InputException otherKind(DataSpec spec, String trainedOn) {
    return InputException.data("the model was trained on " + trainedOn + ", not on " + spec)
        .hint("Name data of the kind the model was trained on.")
        .build();
  }
}
