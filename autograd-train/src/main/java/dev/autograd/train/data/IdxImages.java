package dev.autograd.train.data;

import dev.autograd.train.InputException;
import dev.autograd.train.InputException.Kind;
import dev.autograd.train.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Images and labels in pairs of IDX files, as MNIST and Fashion-MNIST come:
/// `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and the same with `t10k` for the test, each
/// plain or with `.gz`; `.` in place of the last `-` is understood too.
final class IdxImages {
  private static final String TRAIN = "train";
  private static final String TEST = "t10k";

  private IdxImages() {}

  /// A file of images and its labels.
  record Pair(Path images, Path labels) {}

  /// Reads a folder with a pair for training and perhaps one for the test, or the pair of which one
  /// file is named (with the test pair beside it, if the named one is for training).
  static DataSplits load(Path path, SplitPlan plan) {
    Path folder = Files.isDirectory(path) ? path : folderOf(path);
    Pair training = Files.isDirectory(path) ? requiredPair(folder) : pairOf(path);
    Pair test =
        Files.isDirectory(path) || fileName(path).startsWith(TRAIN) ? find(folder, TEST) : null;
    Dataset all = read(training, null);
    if (all.size() == 0) {
      throw InputException.data("there are no images").at(Place.of(training.images())).build();
    }
    return test == null
        ? plan.apply(all)
        : plan.apply(all, read(test, (PixelScaling) all.preprocessing()));
  }

  /// Reads one pair for evaluation or, without labels, the images for prediction.
  static Dataset evaluate(Path path, PixelScaling known, boolean needLabels) {
    Pair pair;
    if (Files.isDirectory(path)) {
      Pair test = find(path, TEST);
      pair = test != null ? test : requiredPair(path);
    } else {
      Path labels = partner(path);
      if (!needLabels && fileName(path).contains("images") && !Files.exists(labels)) {
        return images(path, known);
      }
      pair = pairOf(path);
    }
    return read(pair, known);
  }

  /// Tells whether a file name looks like IDX.
  static boolean named(String name) {
    return name.contains("-ubyte") || name.contains(".idx") || name.contains("-idx");
  }

  private static Path folderOf(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file.toAbsolutePath() : folder;
  }

  private static String fileName(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString();
  }

  private static Path partner(Path file) {
    String name = fileName(file);
    String other =
        name.contains("images")
            ? name.replace("images", "labels").replace("idx3", "idx1")
            : name.replace("labels", "images").replace("idx1", "idx3");
    String plain = other.endsWith(".gz") ? other.substring(0, other.length() - 3) : other;
    Path asNamed = file.resolveSibling(other);
    if (Files.exists(asNamed)) {
      return asNamed;
    }
    Path otherForm = file.resolveSibling(other.equals(plain) ? plain + ".gz" : plain);
    return Files.exists(otherForm) ? otherForm : asNamed;
  }

  private static Pair pairOf(Path file) {
    String name = fileName(file);
    boolean images = name.contains("images");
    if (!images && !name.contains("labels")) {
      throw InputException.data("cannot tell whether " + file + " holds images or labels")
          .expected("a name with 'images' or 'labels', such as train-images-idx3-ubyte.gz")
          .build();
    }
    Path other = partner(file);
    for (Path one : List.of(file, other)) {
      if (!Files.exists(one)) {
        throw InputException.data("cannot read " + one + ": no such file")
            .expected("images and labels side by side")
            .didYouMean(fileName(one), listing(folderOf(one)))
            .build();
      }
    }
    return images ? new Pair(file, other) : new Pair(other, file);
  }

  private static Pair requiredPair(Path folder) {
    Pair pair = find(folder, TRAIN);
    if (pair == null) {
      List<String> names = listing(folder);
      throw InputException.data("no pair of IDX files in " + folder)
          .expected("train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or with .gz")
          .didYouMean("train-images-idx3-ubyte", names)
          .hint(
              names.isEmpty()
                  ? "The folder is empty."
                  : "in the folder: " + String.join(", ", names.stream().limit(12).toList()))
          .build();
    }
    return pair;
  }

  private static @Nullable Pair find(Path folder, String part) {
    for (String dot : List.of("-", ".")) {
      for (String end : List.of("", ".gz")) {
        Path images = folder.resolve(part + "-images" + dot + "idx3-ubyte" + end);
        if (Files.exists(images)) {
          return pairOf(images);
        }
      }
    }
    return null;
  }

  private static List<String> listing(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(IdxImages::fileName).sorted().toList();
    } catch (IOException e) {
      throw InputException.io(Kind.DATA, "list", Place.of(folder), e);
    }
  }

  private static Dataset read(Pair pair, @Nullable PixelScaling known) {
    IdxFile images = IdxFile.read(pair.images(), 3);
    IdxFile labels = IdxFile.read(pair.labels(), 1);
    int count = images.shape()[0];
    if (labels.shape()[0] != count) {
      throw InputException.data("%d labels for %d images".formatted(labels.shape()[0], count))
          .at(Place.of(pair.labels()).atByte(4))
          .expected("as many as there are images in " + pair.images())
          .build();
    }
    int[] ids = new int[count];
    int largest = 0;
    for (int i = 0; i < count; i++) {
      ids[i] = labels.bytes()[i] & 255;
      largest = Math.max(largest, ids[i]);
    }
    PixelScaling scaling = known == null ? scaling(images, largest) : known;
    checkSize(pair.images(), images, scaling);
    List<String> names = names(scaling);
    for (int i = 0; i < count; i++) {
      if (ids[i] >= names.size()) {
        throw InputException.data("label " + ids[i] + " is none of the model's classes")
            .at(Place.of(pair.labels()).atByte(8L + i))
            .expected("a label from 0 to " + (names.size() - 1))
            .build();
      }
    }
    return new Dataset(
        pair.images().toString(),
        scaled(images.bytes(), scaling.divisor()),
        scaling.sampleShape(),
        new Targets.Classes(ids, names),
        scaling);
  }

  private static Dataset images(Path file, PixelScaling known) {
    IdxFile images = IdxFile.read(file, 3);
    checkSize(file, images, known);
    return new Dataset(
        file.toString(),
        scaled(images.bytes(), known.divisor()),
        known.sampleShape(),
        new Targets.Absent(images.shape()[0]),
        known);
  }

  private static PixelScaling scaling(IdxFile images, int largestLabel) {
    List<String> names =
        new ArrayList<>(
            IntStream.rangeClosed(0, Math.max(1, largestLabel)).mapToObj(String::valueOf).toList());
    return new PixelScaling(
        255, images.shape()[1], images.shape()[2], new TargetEncoding.ClassTarget("label", names));
  }

  private static List<String> names(PixelScaling scaling) {
    return switch (scaling.target()) {
      case TargetEncoding.ClassTarget t -> t.classes();
      case TargetEncoding.RealTarget t ->
          throw InputException.data("the model predicts a number, the labels are classes").build();
    };
  }

  private static void checkSize(Path file, IdxFile images, PixelScaling scaling) {
    if (images.shape()[1] != scaling.height() || images.shape()[2] != scaling.width()) {
      throw InputException.data(
              "the images are %d x %d".formatted(images.shape()[1], images.shape()[2]))
          .at(Place.of(file).atByte(8))
          .expected("%d x %d, as in training".formatted(scaling.height(), scaling.width()))
          .build();
    }
  }

  private static float[] scaled(byte[] bytes, double divisor) {
    float[] levels = new float[256];
    for (int level = 0; level < levels.length; level++) {
      levels[level] = (float) (level / divisor);
    }
    float[] features = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      features[i] = levels[bytes[i] & 255];
    }
    return features;
  }
}
