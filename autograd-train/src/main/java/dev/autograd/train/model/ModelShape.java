package dev.autograd.train.model;

import dev.autograd.train.data.Dataset;
import dev.autograd.train.data.Preprocessing;
import dev.autograd.train.data.TargetEncoding;
import java.util.Arrays;

/// What a model takes and answers.
///
/// @param sample the shape of one sample, such as `[4]` or `[1, 28, 28]`
/// @param outputs how many numbers it answers for a sample: one for each class, or one
@SuppressWarnings("ArrayRecordComponent") // plain arrays are the interface; equality is not used
public record ModelShape(int[] sample, int outputs) {
  public ModelShape {
    sample = sample.clone();
  }

  /// Returns what a model of this data takes and answers.
  public static ModelShape of(Dataset data) {
    return of(data.preprocessing());
  }

  /// Returns what a model of data prepared like this takes and answers.
  public static ModelShape of(Preprocessing preprocessing) {
    int outputs =
        switch (preprocessing.target()) {
          case TargetEncoding.ClassTarget t -> t.classes().size();
          case TargetEncoding.RealTarget t -> 1;
        };
    return new ModelShape(preprocessing.sampleShape(), outputs);
  }

  /// Returns the shape of one sample.
  @Override
  public int[] sample() {
    return sample.clone();
  }

  /// Returns how many numbers one sample has.
  public int inputs() {
    return Math.toIntExact(Arrays.stream(sample).asLongStream().reduce(1, Math::multiplyExact));
  }

  /// Returns the shape of a batch.
  public int[] batch(int size) {
    int[] shape = new int[sample.length + 1];
    shape[0] = size;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    return shape;
  }

  @Override
  public String toString() {
    return Arrays.toString(sample) + " → " + outputs;
  }
}
