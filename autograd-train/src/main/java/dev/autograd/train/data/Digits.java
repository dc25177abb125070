package dev.autograd.train.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/// The optical digits that come with the library: 1,797 images of 8 x 8 handwritten digits.
///
/// By E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, CC BY 4.0
/// (https://doi.org/10.24432/C50P49). Pixels of 0..16 are divided by 16.
///
/// The test part is fixed, whatever the seed: within each class, in the order of the file, every
/// fifth sample (the 5th, 10th, ...). That is 355 for the test and 1,442 for training.
final class Digits {
  private static final int SIDE = 8;
  private static final int LEVELS = 16;
  private static final int EVERY = 5;

  private Digits() {}

  static PixelScaling scaling() {
    return new PixelScaling(
        LEVELS,
        SIDE,
        SIDE,
        new TargetEncoding.ClassTarget(
            "digit", IntStream.range(0, 10).mapToObj(String::valueOf).toList()));
  }

  static DataSplits load(SplitPlan plan) {
    Dataset all = all();
    int[] ids = ((Targets.Classes) all.targets()).ids();
    int[] seen = new int[10];
    IntStream.Builder training = IntStream.builder();
    IntStream.Builder test = IntStream.builder();
    for (int row = 0; row < ids.length; row++) {
      boolean fifth = ++seen[ids[row]] % EVERY == 0;
      (fifth ? test : training).add(row);
    }
    return plan.apply(all.select(training.build().toArray()), all.select(test.build().toArray()));
  }

  static Dataset all() {
    List<String> lines = new ArrayList<>();
    try (InputStream in =
            Objects.requireNonNull(
                Digits.class.getResourceAsStream("digits.csv.gz"), "digits.csv.gz is in the jar");
        BufferedReader text =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.US_ASCII))) {
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the digits in the jar are damaged", e);
    }
    int size = SIDE * SIDE;
    float[] features = new float[lines.size() * size];
    int[] ids = new int[lines.size()];
    for (int row = 0; row < ids.length; row++) {
      String line = lines.get(row);
      int at = 0;
      for (int i = 0; i < size; i++) {
        int comma = line.indexOf(',', at);
        features[row * size + i] = Integer.parseInt(line, at, comma, 10) / (float) LEVELS;
        at = comma + 1;
      }
      ids[row] = Integer.parseInt(line, at, line.length(), 10);
    }
    PixelScaling scaling = scaling();
    List<String> names = IntStream.range(0, 10).mapToObj(String::valueOf).toList();
    return new Dataset(
        "digits", features, scaling.sampleShape(), new Targets.Classes(ids, names), scaling);
  }
}
