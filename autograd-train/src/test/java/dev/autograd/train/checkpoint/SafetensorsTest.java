package dev.autograd.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("a.safetensors");
  }

  private static List<NamedArray> arrays() {
    float[] large = new float[400_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = Float.intBitsToFloat(i * 0x9E3779B9);
    }
    return List.of(
        NamedArray.of("large", large, 400, 1000),
        NamedArray.of("scalar", new double[] {Double.longBitsToDouble(0x7ff0000000000001L)}),
        NamedArray.of("empty", new float[0], 3, 0, 2),
        NamedArray.of("long", new long[] {Long.MIN_VALUE, -1}, 2),
        NamedArray.of("int", new int[] {Integer.MIN_VALUE, 7}, 1, 2),
        new NamedArray("bytes", ElementType.U8, new int[] {3}, new byte[] {0, -1, 127}),
        new NamedArray("truths", ElementType.BOOL, new int[] {2}, new boolean[] {true, false}),
        new NamedArray("half", ElementType.F16, new int[] {2}, new short[] {-1, 0x3c00}),
        new NamedArray("brain ☃", ElementType.BF16, new int[] {1}, new short[] {0x3f80}));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void everyTypeComesBackBitByBit() {
    Safetensors.write(file(), arrays(), Map.of("who", "me"));
    Safetensors read = Safetensors.read(file());
    assertThat(read.metadata()).containsExactly(Map.entry("who", "me"));
    assertThat(read.arrays()).hasSize(9);
    for (NamedArray expected : arrays()) {
      NamedArray actual =
          read.arrays().stream()
              .filter(a -> a.name().equals(expected.name()))
              .findFirst()
              .orElseThrow();
      assertThat(actual.type()).isEqualTo(expected.type());
      assertThat(actual.shape()).containsExactly(expected.shape());
      if (expected.array() instanceof float[] f) {
        assertThat(bits((float[]) actual.array())).isEqualTo(bits(f));
      } else if (expected.array() instanceof double[] d) {
        assertThat(Double.doubleToRawLongBits(((double[]) actual.array())[0]))
            .isEqualTo(Double.doubleToRawLongBits(d[0]));
      } else {
        assertThat(actual.array()).isEqualTo(expected.array());
      }
    }
  }

  @Test
  void equalContentGivesEqualBytesInAnyOrderOfTheArrays() throws IOException {
    Safetensors.write(file(), arrays(), Map.of());
    byte[] first = Files.readAllBytes(file());
    Safetensors.write(file(), arrays().reversed(), Map.of());
    assertThat(Files.readAllBytes(file())).isEqualTo(first);
  }

  @Test
  void eachArrayIsAlignedToItsElements() {
    Safetensors.write(file(), arrays(), Map.of());
    SafetensorsHeader header = Safetensors.readHeader(file());
    assertThat(header.dataStart() % 8).isZero();
    assertThat(header.entries()).allSatisfy(e -> assertThat(e.begin() % e.type().bytes()).isZero());
  }

  /// The bytes as the format's description gives them, made by hand.
  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    Safetensors.write(file(), List.of(NamedArray.of("x", new float[] {1, -2}, 2)), Map.of());
    byte[] bytes = Files.readAllBytes(file());
    String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    byte[] padded = (header + " ".repeat(-header.length() & 7)).getBytes(StandardCharsets.UTF_8);
    ByteBuffer expected = ByteBuffer.allocate(16 + padded.length).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(padded.length).put(padded).putFloat(1).putFloat(-2);
    assertThat(bytes).isEqualTo(expected.array());
  }

  private Path handmade(String header, int dataBytes) throws IOException {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
    out.write(json);
    out.write(new byte[dataBytes]);
    return Files.write(file(), out.toByteArray());
  }

  private InputException failure(Path file) {
    InputException e = catchThrowableOfType(InputException.class, () -> Safetensors.read(file));
    assertThat(e).isNotNull();
    assertThat(e.exitCode()).isEqualTo(4);
    return e;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|4|truncated inside 'x'",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|9|goes on after its last array",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}|12|starts at 4 of the data"
            + " section",
        "{'x':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'y':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}}|3|no"
            + " overlap",
        "{'x':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}|8|expected 12 for F32[3]",
        "{'x':{'dtype':'F31','shape':[2],'data_offsets':[0,8]}}|8|unknown dtype 'F31'",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|8|begin <= end",
        "{'x':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}|8|lacks a proper 'shape'",
        "{'x':{'dtype':'F32','shape':[1.5],'data_offsets':[0,8]}}|8|lacks a proper 'shape'",
        "{'x':{'dtype':'F32','shape':[99999999999,99999999999],'data_offsets':[0,8]}}|8|more than"
            + " 2147483639",
        "{'x':{'shape':[2],'data_offsets':[0,8]}}|8|lacks a proper 'dtype'",
        "{'x':{'dtype':'F32','shape':[2]}}|8|lacks a proper 'data_offsets'",
        "{'x':null}|0|field 'x' must be an object",
        "{'__metadata__':{'a':1}}|0|field 'a' must be a text",
        "{'x':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'x':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}}|1|uplicate",
        "{'x':|0|malformed JSON",
        "[]|0|expected a JSON object",
      })
  void aMalformedHeaderIsNamed(String header, int dataBytes, String message) throws IOException {
    InputException e = failure(handmade(header, dataBytes));
    assertThat(e).hasMessageContaining(message);
    assertThat(e.place().orElseThrow().byteOffset()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void everyTruncationIsAnErrorWithTheByteAndNeverAHalfReadFile() throws IOException {
    Safetensors.write(
        file(), List.of(NamedArray.of("x", new float[] {1, -2}, 2)), Map.of("a", "b"));
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      InputException e = failure(file());
      assertThat(e).hasMessageContaining("truncated");
      assertThat(e.place().orElseThrow().byteOffset()).isEqualTo(length);
    }
  }

  @Test
  void otherFilesAreNotTakenForSafetensors() throws IOException {
    assertThat(failure(Files.writeString(file(), "PK\u0003\u0004 some zip file")))
        .hasMessageContaining("is this a safetensors file?");
    assertThat(failure(folder.resolve("none"))).hasMessageContaining("no such file or folder");
    assertThat(failure(folder)).hasMessageContaining("it is a folder");
  }

  @Test
  void truthValuesAreZeroOrOne() throws IOException {
    Path file = handmade("{'b':{'dtype':'BOOL','shape':[3],'data_offsets':[0,3]}}", 3);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] = 2;
    Files.write(file, bytes);
    InputException e = failure(file);
    assertThat(e).hasMessageContaining("'b' has the truth value 2");
    assertThat(e.place().orElseThrow().byteOffset()).isEqualTo(bytes.length - 1);
  }

  @Test
  void arraysMustFitTheirTypeAndShapeAndHaveNamesOfTheirOwn() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NamedArray.of("x", new float[3], 2, 2))
        .withMessageContaining("shape [2, 2] does not hold 3 elements");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NamedArray("x", ElementType.F64, new int[] {1}, new float[1]));
    NamedArray x = NamedArray.of("x", new float[1], 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Safetensors.write(file(), List.of(x, x), Map.of()));
    assertThat(file()).doesNotExist();
  }

  @Test
  void aCheckpointHoldsArraysAndStateTogether() {
    TrainerState state =
        new TrainerState(3, 17, 4711, -5, 123_456, 0.97, 2, new JsonObject().put("rng", 1L << 60));
    new Checkpoint(arrays(), state.toJson()).write(file());
    Checkpoint read = Checkpoint.read(file());
    assertThat(read.arrays()).hasSize(9);
    assertThat(TrainerState.fromJson(read.state(), Place.of(file()))).isEqualTo(state);
    TrainerState fresh = new TrainerState(0, 0, 0, 1, 0, null, 0, new JsonObject());
    assertThat(TrainerState.fromJson(fresh.toJson(), Place.of(file()))).isEqualTo(fresh);
  }

  @Test
  void aFileWithoutStateIsNoCheckpoint() {
    Safetensors.write(file(), arrays(), Map.of());
    assertThat(catchThrowableOfType(InputException.class, () -> Checkpoint.read(file())))
        .hasMessageContaining("arrays but no training state");
    Safetensors.write(file(), arrays(), Map.of("autograd.checkpoint", "2", "autograd.state", "{}"));
    assertThat(catchThrowableOfType(InputException.class, () -> Checkpoint.read(file())))
        .hasMessageContaining("the checkpoint is of version 2");
    Safetensors.write(
        file(), arrays(), Map.of("autograd.checkpoint", "1", "autograd.state", "{\"epoch\":"));
    assertThat(catchThrowableOfType(InputException.class, () -> Checkpoint.read(file())))
        .hasMessageContaining("malformed JSON");
  }
}
