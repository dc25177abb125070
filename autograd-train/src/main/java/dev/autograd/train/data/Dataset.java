package dev.autograd.train.data;

import java.util.Arrays;

/// Samples ready for a model: features row by row, and what the model should answer.
///
/// The arrays are not copied; who changes them changes the dataset.
public final class Dataset {
  private final String name;
  private final float[] features;
  private final int[] sampleShape;
  private final Targets targets;
  private final Preprocessing preprocessing;

  /// Makes a dataset of `targets.size()` samples.
  ///
  /// @param features all samples one after the other, each row-major in `sampleShape`
  /// @param sampleShape the shape of one sample, such as `[4]` or `[1, 28, 28]`
  /// @param preprocessing how the features came from the raw data; travels with the model
  /// @throws IllegalArgumentException when the lengths do not agree
  public Dataset(
      String name,
      float[] features,
      int[] sampleShape,
      Targets targets,
      Preprocessing preprocessing) {
    long expected = (long) targets.size() * product(sampleShape);
    if (features.length != expected) {
      throw new IllegalArgumentException(
          "dataset %s: %d samples of %s need %d features, got %d"
              .formatted(
                  name, targets.size(), Arrays.toString(sampleShape), expected, features.length));
    }
    this.name = name;
    this.features = features;
    this.sampleShape = sampleShape.clone();
    this.targets = targets;
    this.preprocessing = preprocessing;
  }

  static int product(int[] shape) {
    int product = 1;
    for (int d : shape) {
      product = Math.multiplyExact(product, d);
    }
    return product;
  }

  /// Returns what to call it in messages.
  public String name() {
    return name;
  }

  /// Returns the features of all samples, `[size, sampleShape...]` row-major; not a copy.
  public float[] features() {
    return features;
  }

  /// Returns the shape of one sample.
  public int[] sampleShape() {
    return sampleShape.clone();
  }

  /// Returns how many numbers one sample has.
  public int sampleSize() {
    return product(sampleShape);
  }

  /// Returns how many samples there are.
  public int size() {
    return targets.size();
  }

  /// Returns what the model should answer.
  public Targets targets() {
    return targets;
  }

  /// Returns how the features came from the raw data.
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /// Copies the samples of some rows, in their order.
  ///
  /// @throws IndexOutOfBoundsException when a row does not exist
  public Dataset select(int[] rows) {
    return new Dataset(name, gather(rows), sampleShape, targets.select(rows), preprocessing);
  }

  float[] gather(int[] rows) {
    int width = sampleSize();
    float[] picked = new float[Math.multiplyExact(rows.length, width)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(features, rows[i] * width, picked, i * width, width);
    }
    return picked;
  }
}
