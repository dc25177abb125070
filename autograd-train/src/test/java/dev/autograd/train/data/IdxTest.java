package dev.autograd.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  private static final SplitPlan ALL = new SplitPlan(0, 0, 1);

  @TempDir Path folder;

  private static byte[] images(int count, int height, int width) {
    ByteBuffer b = ByteBuffer.allocate(16 + count * height * width);
    b.putInt(0x00000803).putInt(count).putInt(height).putInt(width);
    for (int i = 0; b.hasRemaining(); i++) {
      b.put((byte) (i * 51));
    }
    return b.array();
  }

  private static byte[] labels(int count) {
    ByteBuffer b = ByteBuffer.allocate(8 + count);
    b.putInt(0x00000801).putInt(count);
    for (int i = 0; i < count; i++) {
      b.put((byte) (i % 3));
    }
    return b.array();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private DataSplits load(Path path) {
    return DataSources.load(new DataSpec.Idx(path), ALL);
  }

  private InputException failure(Path path) {
    InputException e = catchThrowableOfType(InputException.class, () -> load(path));
    assertThat(e).isNotNull();
    assertThat(e.exitCode()).isEqualTo(4);
    return e;
  }

  private InputException failure(byte[] images) throws IOException {
    write("train-labels-idx1-ubyte", labels(6));
    return failure(write("train-images-idx3-ubyte", images));
  }

  @Test
  void aFolderGivesTrainingAndTestAndPixelsAreScaled() throws IOException {
    write("train-images-idx3-ubyte.gz", gzip(images(6, 2, 3)));
    write("train-labels-idx1-ubyte.gz", gzip(labels(6)));
    write("t10k-images-idx3-ubyte", images(3, 2, 3));
    write("t10k-labels-idx1-ubyte", labels(3));
    DataSplits splits = load(folder);
    assertThat(splits.train().size()).isEqualTo(6);
    assertThat(splits.test().size()).isEqualTo(3);
    assertThat(splits.train().sampleShape()).containsExactly(1, 2, 3);
    assertThat(Arrays.copyOf(splits.train().features(), 7))
        .containsExactly(0, 0.2f, 0.4f, 0.6f, 0.8f, 1, 50 / 255f);
    assertThat(((Targets.Classes) splits.test().targets()).names()).containsExactly("0", "1", "2");
  }

  @Test
  void eitherFileOfAPairMayBeNamed() throws IOException {
    Path images = write("train-images-idx3-ubyte", images(6, 2, 3));
    Path labels = write("train-labels-idx1-ubyte.gz", gzip(labels(6)));
    assertThat(load(labels).train().features()).isEqualTo(load(images).train().features());
  }

  @Test
  void theDottedNamesOfOldCopiesAreUnderstood() throws IOException {
    write("train-images.idx3-ubyte", images(6, 2, 3));
    write("train-labels.idx1-ubyte", labels(6));
    assertThat(load(folder).train().size()).isEqualTo(6);
  }

  @Test
  void aKeptScalingServesNewImagesWithAndWithoutLabels() throws IOException {
    write("train-images-idx3-ubyte", images(6, 2, 3));
    write("train-labels-idx1-ubyte", labels(6));
    Preprocessing scaling = load(folder).train().preprocessing();
    Place place = Place.of("checkpoint");
    Preprocessing kept =
        Preprocessing.fromJson(Json.parse(Json.line(scaling.toJson()), place), place);
    assertThat(kept).isEqualTo(scaling);
    Path alone = write("new-images-idx3-ubyte", images(2, 2, 3));
    Dataset asked = DataSources.load(new DataSpec.Idx(alone), kept, false, 0);
    assertThat(asked.targets()).isEqualTo(new Targets.Absent(2));
    Path other = write("other-images-idx3-ubyte", images(2, 3, 3));
    assertThat(
            catchThrowableOfType(
                InputException.class,
                () -> DataSources.load(new DataSpec.Idx(other), kept, false, 0)))
        .hasMessageContaining("the images are 3 x 3")
        .hasMessageContaining("expected 2 x 3, as in training");
  }

  @Test
  void aBadMagicNumberIsAtByteZero() throws IOException {
    byte[] bytes = images(6, 2, 3);
    bytes[0] = 1;
    assertThat(failure(bytes))
        .hasMessageContaining("bad magic number 0x01000803")
        .hasMessageContaining("-ubyte, byte 0")
        .hasMessageContaining("expected 0x00000803");
  }

  @Test
  void otherElementsAndDimensionsAreNamed() throws IOException {
    byte[] floats = images(6, 2, 3);
    floats[2] = 0x0D;
    assertThat(failure(floats))
        .hasMessageContaining("floats (type 0x0d)")
        .hasMessageContaining("byte 2");
    assertThat(failure(labels(6)))
        .hasMessageContaining("the file has 1 dimension")
        .hasMessageContaining("Are these the labels?");
  }

  @Test
  void aTruncatedFileSaysWhatWasExpectedAndWhatWasThere() throws IOException {
    assertThat(failure(Arrays.copyOf(images(6, 2, 3), 30)))
        .hasMessageContaining("truncated inside the data of shape [6, 2, 3]")
        .hasMessageContaining("byte 30")
        .hasMessageContaining("expected 52 bytes, got 30");
    assertThat(failure(Arrays.copyOf(images(6, 2, 3), 6)))
        .hasMessageContaining("truncated inside dimension 1")
        .hasMessageContaining("byte 6");
    assertThat(failure(new byte[0])).hasMessageContaining("truncated inside the magic number");
  }

  @Test
  void aFileThatGoesOnIsAnError() throws IOException {
    assertThat(failure(Arrays.copyOf(images(6, 2, 3), 60)))
        .hasMessageContaining("goes on after its data")
        .hasMessageContaining("byte 52");
  }

  @Test
  void aHeaderThatPromisesTooMuchCostsNothing() throws IOException {
    ByteBuffer huge = ByteBuffer.allocate(16);
    huge.putInt(0x00000803).putInt(2).putInt(30_000).putInt(30_000);
    assertThat(failure(huge.array())).hasMessageContaining("expected 1800000016 bytes, got 16");
    huge.putInt(4, 1 << 30);
    assertThat(failure(huge.array())).hasMessageContaining("more bytes than one array holds");
    huge.putInt(4, -1);
    assertThat(failure(huge.array())).hasMessageContaining("dimension 1 is 4294967295");
  }

  @Test
  void aTruncatedGzipStreamNamesTheByte() throws IOException {
    byte[] all = gzip(images(600, 5, 5));
    write("train-labels-idx1-ubyte", labels(600));
    assertThat(failure(write("train-images-idx3-ubyte.gz", Arrays.copyOf(all, all.length / 2))))
        .hasMessageContaining("the gzip stream is truncated inside the data")
        .hasMessageContaining("byte 16");
    all[all.length - 5] ^= 1;
    assertThat(failure(write("train-images-idx3-ubyte.gz", all)))
        .hasMessageContaining("the gzip stream is damaged");
  }

  @Test
  void countsThatDifferAreAnError() throws IOException {
    write("train-labels-idx1-ubyte", labels(5));
    assertThat(failure(write("train-images-idx3-ubyte", images(6, 2, 3))))
        .hasMessageContaining("5 labels for 6 images")
        .hasMessageContaining("train-labels-idx1-ubyte, byte 4");
  }

  @Test
  void missingPartnersAndPairsAreNamed() throws IOException {
    Path images = write("train-images-idx3-ubyte", images(6, 2, 3));
    write("train-lables-idx1-ubyte", labels(6));
    assertThat(failure(images))
        .hasMessageContaining("train-labels-idx1-ubyte: no such file")
        .hasMessageContaining("did you mean 'train-lables-idx1-ubyte'?");
    Files.delete(images);
    assertThat(failure(folder))
        .hasMessageContaining("no pair of IDX files")
        .hasMessageContaining("in the folder: train-lables-idx1-ubyte");
  }

  @Test
  void noImagesAtAllIsAnError() throws IOException {
    write("train-labels-idx1-ubyte", labels(0));
    assertThat(failure(write("train-images-idx3-ubyte", images(0, 2, 3))))
        .hasMessageContaining("there are no images");
  }
}
