package dev.autograd.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// How to part data into training, validation and test samples.
///
/// The parts depend on the seed, the sizes and (for classes) the labels alone. Classes are divided
/// one by one so that each part has them in the same proportions; within a part, samples keep the
/// order of the file. A class never loses its last training sample.
///
/// @param validation fraction for validation, in `[0, 1)`
/// @param test fraction for the test, in `[0, 1)`; unused when the data brings its own test part
/// @param seed what decides who goes where
public record SplitPlan(double validation, double test, long seed) {
  private static final long STREAM = 0x73706C6974L;

  public SplitPlan {
    if (!(validation >= 0 && test >= 0 && validation + test < 1)) {
      throw new IllegalArgumentException(
          "split fractions must be in [0, 1) together, got validation %s, test %s"
              .formatted(validation, test));
    }
  }

  /// Row numbers of the three parts, each ascending.
  @SuppressWarnings("ArrayRecordComponent") // plain arrays are the interface; equality is not used
  record Rows(int[] train, int[] validation, int[] test) {}

  /// Divides all rows of a dataset by its targets.
  Rows divide(Targets targets) {
    return divide(targets, IntStream.range(0, targets.size()).toArray(), test);
  }

  /// Divides some rows, taking the given fraction for the test.
  Rows divide(Targets targets, int[] rows, double testFraction) {
    SplitMix64 random = SplitMix64.of(seed, STREAM);
    List<int[]> groups = new ArrayList<>();
    if (targets instanceof Targets.Classes classes) {
      for (int c = 0; c < classes.names().size(); c++) {
        int wanted = c;
        groups.add(Arrays.stream(rows).filter(r -> classes.ids()[r] == wanted).toArray());
      }
    } else {
      groups.add(rows.clone());
    }
    IntStream.Builder toTrain = IntStream.builder();
    IntStream.Builder toValidation = IntStream.builder();
    IntStream.Builder toTest = IntStream.builder();
    for (int[] group : groups) {
      random.shuffle(group);
      int most = Math.max(0, group.length - 1);
      int tests = (int) Math.min(Math.round(testFraction * group.length), most);
      int validations = (int) Math.min(Math.round(validation * group.length), most - tests);
      for (int i = 0; i < group.length; i++) {
        (i < tests ? toTest : i < tests + validations ? toValidation : toTrain).add(group[i]);
      }
    }
    return new Rows(sorted(toTrain), sorted(toValidation), sorted(toTest));
  }

  private static int[] sorted(IntStream.Builder rows) {
    return rows.build().sorted().toArray();
  }

  /// Divides a whole dataset.
  public DataSplits apply(Dataset all) {
    Rows rows = divide(all.targets());
    return new DataSplits(
        all.select(rows.train), all.select(rows.validation), all.select(rows.test));
  }

  /// Takes validation samples out of the training part of data that brings its own test part.
  public DataSplits apply(Dataset training, Dataset test) {
    Rows rows = divide(training.targets(), IntStream.range(0, training.size()).toArray(), 0.0);
    return new DataSplits(training.select(rows.train), training.select(rows.validation), test);
  }
}
