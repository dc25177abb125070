package dev.autograd.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.autograd.onnx.OnnxFile.Weights;
import dev.autograd.onnx.model.Dim;
import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxAttribute;
import dev.autograd.onnx.model.OnnxFileException;
import dev.autograd.onnx.model.OnnxFileException.Problem;
import dev.autograd.onnx.model.OnnxFunction;
import dev.autograd.onnx.model.OnnxGraph;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxNode;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.model.OnnxTraining;
import dev.autograd.onnx.model.OnnxType;
import dev.autograd.onnx.model.OnnxValue;
import dev.autograd.onnx.proto.GraphProto;
import dev.autograd.onnx.proto.ModelProto;
import dev.autograd.onnx.proto.OperatorSetIdProto;
import dev.autograd.onnx.proto.SparseTensorProto;
import dev.autograd.onnx.proto.StringStringEntryProto;
import dev.autograd.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFileTest {
  @TempDir Path folder;

  @Test
  void everyPartOfAModelComesBack() throws IOException {
    OnnxModel model = everything();
    Path file = folder.resolve("all.onnx");
    OnnxFile.write(model, file);
    assertThat(OnnxFile.read(file)).isEqualTo(model);
    assertThat(OnnxFile.decode(OnnxFile.encode(model), "memory")).isEqualTo(model);
  }

  @Test
  void equalModelsGiveEqualBytes() {
    assertThat(OnnxFile.encode(everything())).isEqualTo(OnnxFile.encode(everything()));
  }

  @Test
  void writingLeavesOneFileAndReplacesTheOldOne() throws IOException {
    Path file = folder.resolve("m.onnx");
    OnnxFile.write(weighty(3), file);
    OnnxFile.write(everything(), file);
    assertThat(OnnxFile.read(file)).isEqualTo(everything());
    assertThat(names()).containsExactly("m.onnx");
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("m.onnx");
    OnnxFile.write(weighty(3), file);
    byte[] before = Files.readAllBytes(file);
    OnnxFileException refused =
        catchThrowableOfType(
            OnnxFileException.class, () -> OnnxFile.write(weighty(5), file, Weights.INLINE, 100));
    assertThat(refused.problem()).isEqualTo(Problem.TOO_LARGE);
    assertThat(refused).hasMessageContaining("one file holds 100");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(names()).containsExactly("m.onnx");
  }

  @Test
  void aFolderThatDoesNotExistIsAnErrorOfWriting() {
    assertThatThrownBy(() -> OnnxFile.write(weighty(3), folder.resolve("no/m.onnx")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no/");
    assertThat(problem(() -> OnnxFile.write(weighty(3), folder))).isEqualTo(Problem.NOT_A_FILE);
  }

  @Test
  void largeWeightsStandBesideTheModel() throws IOException {
    OnnxModel model = weighty(5000);
    Path file = folder.resolve("m.onnx");
    OnnxFile.write(model, file, Weights.AUTOMATIC, 10_000);
    assertThat(Files.size(file)).isLessThan(1000);
    assertThat(names()).hasSize(2).allMatch(name -> name.matches("m\\.onnx(\\.\\w{16}\\.data)?"));
    assertThat(OnnxFile.read(file)).isEqualTo(model);
    Path moved = Files.createDirectory(folder.resolve("moved"));
    for (String name : List.of("m.onnx", data())) {
      Files.move(folder.resolve(name), moved.resolve(name));
    }
    assertThat(OnnxFile.read(moved.resolve("m.onnx"))).isEqualTo(model);
  }

  @Test
  void weightsBesideTheModelBeginOnPages() throws IOException {
    Path file = folder.resolve("m.onnx");
    OnnxFile.write(weighty(5000), file, Weights.EXTERNAL);
    GraphProto graph = ModelProto.parseFrom(Files.readAllBytes(file)).getGraph();
    assertThat(graph.getInitializer(0).getExternalDataList())
        .extracting(StringStringEntryProto::getKey)
        .containsExactly("location", "offset", "length");
    assertThat(graph.getInitializer(1).getExternalData(1).getValue()).isEqualTo("20480");
    // Small ones stay inside.
    assertThat(graph.getInitializer(2).hasRawData()).isTrue();
  }

  @Test
  void otherWeightsNeverTakeThePlaceOfThoseOfAnOlderModel() throws IOException {
    Path file = folder.resolve("m.onnx");
    OnnxFile.write(weighty(5000), file, Weights.EXTERNAL);
    String first = data();
    byte[] old = Files.readAllBytes(folder.resolve(first));
    OnnxFile.write(weighty(5001), file, Weights.EXTERNAL);
    assertThat(Files.readAllBytes(folder.resolve(first))).isEqualTo(old);
    assertThat(OnnxFile.read(file)).isEqualTo(weighty(5001));
  }

  @Test
  void missingOrShortWeightsNameTheirFile() throws IOException {
    Path file = folder.resolve("m.onnx");
    OnnxFile.write(weighty(5000), file, Weights.EXTERNAL);
    Path data = folder.resolve(data());
    byte[] bytes = Files.readAllBytes(data);
    Files.write(data, Arrays.copyOf(bytes, 30_000));
    assertThat(problem(() -> OnnxFile.read(file))).isEqualTo(Problem.EXTERNAL_DATA);
    assertThatThrownBy(() -> OnnxFile.read(file))
        .hasMessage(data + ": tensor 'v' needs bytes 20,480 to 40,480, the file has 30,000");
    Files.delete(data);
    assertThatThrownBy(() -> OnnxFile.read(file))
        .hasMessageContaining(data + ": not found; tensor 'w' of the model stands there");
  }

  @Test
  void modelsReadNoFilesOutsideTheirFolder() throws IOException {
    Path secret = Files.write(folder.resolve("secret"), new byte[8]);
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.createSymbolicLink(inner.resolve("link"), secret);
    for (String location : List.of("../secret", secret.toString(), "link", "a/../../secret")) {
      Path file = Files.write(inner.resolve("m.onnx"), external(location, Map.of()));
      assertThatThrownBy(() -> OnnxFile.read(file))
          .as(location)
          .isInstanceOfSatisfying(
              OnnxFileException.class, e -> assertThat(e.problem()).isEqualTo(Problem.MALFORMED))
          .hasMessageContaining("must stand below the model's folder");
    }
    Files.write(inner.resolve("fine"), new byte[8]);
    Path file = Files.write(inner.resolve("m.onnx"), external("fine", Map.of()));
    assertThat(OnnxFile.read(file).graph().initializers()).hasSize(1);
    assertThat(problem(() -> OnnxFile.decode(external("fine", Map.of()), "memory")))
        .isEqualTo(Problem.UNSUPPORTED_PART);
  }

  @Test
  void placesOfWeightsMustMakeSense() throws Exception {
    byte[] data = new byte[16];
    Files.write(folder.resolve("d"), data);
    Path file = folder.resolve("m.onnx");
    Files.write(file, external("d", Map.of("offset", "-1")));
    assertThatThrownBy(() -> OnnxFile.read(file)).hasMessageContaining("must be a number from 0");
    Files.write(file, external("d", Map.of("offset", "9223372036854775807")));
    assertThat(problem(() -> OnnxFile.read(file))).isEqualTo(Problem.EXTERNAL_DATA);
    Files.write(file, external("d", Map.of("length", "12")));
    assertThatThrownBy(() -> OnnxFile.read(file)).hasMessageContaining("takes 8 bytes");
    Files.write(file, external("d", Map.of("checksum", "00")));
    assertThatThrownBy(() -> OnnxFile.read(file)).hasMessageContaining("changed since");
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(data));
    Files.write(file, external("d", Map.of("checksum", sum, "offset", "8")));
    assertThat(OnnxFile.read(file).graph().initializers()).hasSize(1);
  }

  @Test
  void whatIsNoFileIsSaidToBeNone() throws IOException {
    assertThat(problem(() -> OnnxFile.read(folder))).isEqualTo(Problem.NOT_A_FILE);
    assertThat(problem(() -> OnnxFile.read(folder.resolve("none")))).isEqualTo(Problem.NOT_FOUND);
    Path empty = Files.createFile(folder.resolve("empty.onnx"));
    assertThat(problem(() -> OnnxFile.read(empty))).isEqualTo(Problem.EMPTY);
    assertThatThrownBy(() -> OnnxFile.read(empty)).hasMessage(empty + ": is empty");
    assertThat(problem(() -> OnnxFile.decode(new byte[0], "m"))).isEqualTo(Problem.EMPTY);
  }

  @Test
  void everyTruncationUpToTheOperatorsVersionIsRefused() throws IOException {
    OnnxModel model = everything();
    byte[] bytes = OnnxFile.encode(model);
    int truncated = 0;
    for (int length = 1; length < bytes.length; length++) {
      byte[] start = Arrays.copyOf(bytes, length);
      OnnxFileException refused =
          catchThrowableOfType(OnnxFileException.class, () -> OnnxFile.decode(start, "m"));
      if (refused == null) {
        // What follows the graph and its opset is optional, so from here on a cut can be a model.
        assertThat(OnnxFile.decode(start, "m").graph()).isEqualTo(model.graph());
        break;
      }
      assertThat(refused.problem())
          .as("the first %d bytes", length)
          .isIn(Problem.TRUNCATED, Problem.NOT_ONNX, Problem.MALFORMED);
      truncated += refused.problem() == Problem.TRUNCATED ? 1 : 0;
    }
    assertThat(truncated).isGreaterThan(500);
  }

  @Test
  void randomBytesAreNoModel() {
    Random random = new Random(20261123);
    int none = 0;
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(300)];
      random.nextBytes(bytes);
      none += problem(() -> OnnxFile.decode(bytes, "m")) == Problem.NOT_ONNX ? 1 : 0;
    }
    // A few begin with a version by chance and are damaged models then.
    assertThat(none).isGreaterThan(4950);
  }

  @Test
  void aModelWithOneByteChangedIsReadOrRefusedCleanly() {
    byte[] bytes = OnnxFile.encode(everything());
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
      byte[] changed = bytes.clone();
      changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        OnnxFile.decode(changed, "m");
      } catch (OnnxFileException clean) {
        refused++;
      } catch (IOException other) {
        throw new AssertionError("not a typed error", other);
      }
    }
    assertThat(refused).isGreaterThan(500);
  }

  @Test
  void filesOfOtherKindsGetAHint() {
    byte[] pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\n".getBytes(UTF);
    assertThatThrownBy(() -> OnnxFile.decode(pointer, "m")).hasMessageContaining("git lfs pull");
    byte[] zip = "PK\u0003\u0004 and so on, archive/data.pkl".getBytes(UTF);
    assertThatThrownBy(() -> OnnxFile.decode(zip, "m")).hasMessageContaining("zip archive");
    byte[] html = "<!DOCTYPE html><html>404</html>".getBytes(UTF);
    assertThat(problem(() -> OnnxFile.decode(html, "m"))).isEqualTo(Problem.NOT_ONNX);
  }

  @Test
  void versionsThatAreNotKnownAreRefused() {
    assertThatThrownBy(() -> OnnxFile.decode(small(14, 17).toByteArray(), "m"))
        .isInstanceOfSatisfying(
            OnnxFileException.class,
            e -> assertThat(e.problem()).isEqualTo(Problem.UNSUPPORTED_VERSION))
        .hasMessage("m: is of IR version 14, versions 3 to 13 are read");
    assertThatThrownBy(() -> OnnxFile.decode(small(2, 1).toByteArray(), "m"))
        .hasMessageContaining("IR version 2");
    assertThatThrownBy(() -> OnnxFile.decode(small(8, 27).toByteArray(), "m"))
        .hasMessage("m: means the operators of opset 27, opsets 1 to 26 are read");
    byte[] none = small(8, 17).toBuilder().clearOpsetImport().build().toByteArray();
    assertThat(problem(() -> OnnxFile.decode(none, "m"))).isEqualTo(Problem.MALFORMED);
  }

  @Test
  void partsThatCannotBeKeptAreRefusedNotDropped() {
    ModelProto sparse =
        small(8, 17).toBuilder()
            .setGraph(
                GraphProto.newBuilder()
                    .setName("g")
                    .addSparseInitializer(SparseTensorProto.getDefaultInstance()))
            .build();
    assertThatThrownBy(() -> OnnxFile.decode(sparse.toByteArray(), "m"))
        .isInstanceOfSatisfying(
            OnnxFileException.class,
            e -> assertThat(e.problem()).isEqualTo(Problem.UNSUPPORTED_PART))
        .hasMessage("m: graph 'g' has sparse initializers, which is not supported");
  }

  @Test
  void tensorsWhoseDataDoesNotFitAreRefused() {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName("w").addDims(3);
    assertMalformed(tensor.clone().setDataType(1).addFloatData(1), "must have 3 elements");
    assertMalformed(tensor.clone().setDataType(1).setRawData(bytes(11)), "takes 12 bytes, got 11");
    assertMalformed(
        tensor.clone().setDataType(1).setRawData(bytes(12)).addFloatData(1), "both raw and listed");
    assertMalformed(tensor.clone().setDataType(2).addInt32Data(300), "element 300 does not fit");
    assertMalformed(tensor.clone().setRawData(bytes(12)), "no element type");
    assertMalformed(
        tensor.clone().setDataType(1).addDims(-1).setRawData(bytes(12)), "must not be negative");
    assertMalformed(tensor.clone().setDataType(8).setRawData(bytes(3)), "must not stand in raw");
    assertMalformed(
        tensor.clone().setDataType(1).addDims(Long.MAX_VALUE).setRawData(bytes(12)),
        "more elements than a Java array holds");
  }

  @Test
  void singleTensorsHaveFilesToo() throws IOException {
    OnnxTensor tensor = OnnxTensor.of("x", new double[] {1, Double.NaN}, 2, 1);
    Path file = folder.resolve("input_0.pb");
    OnnxFile.writeTensor(tensor, file);
    assertThat(OnnxFile.readTensor(file)).isEqualTo(tensor);
    Files.write(file, new byte[] {-1, -1, -1});
    assertThat(problem(() -> OnnxFile.readTensor(file))).isEqualTo(Problem.NOT_ONNX);
    assertThat(problem(() -> OnnxFile.readTensor(folder))).isEqualTo(Problem.NOT_A_FILE);
  }

  private static final Charset UTF = StandardCharsets.UTF_8;

  private interface Action {
    void run() throws IOException;
  }

  private static Problem problem(Action action) {
    return catchThrowableOfType(OnnxFileException.class, action::run).problem();
  }

  private static void assertMalformed(TensorProto.Builder tensor, String message) {
    ModelProto model =
        small(8, 17).toBuilder().setGraph(GraphProto.newBuilder().addInitializer(tensor)).build();
    assertThatThrownBy(() -> OnnxFile.decode(model.toByteArray(), "m"))
        .isInstanceOfSatisfying(
            OnnxFileException.class, e -> assertThat(e.problem()).isEqualTo(Problem.MALFORMED))
        .hasMessageContaining("tensor 'w'")
        .hasMessageContaining(message);
  }

  private static ByteString bytes(int count) {
    return ByteString.copyFrom(new byte[count]);
  }

  private static ModelProto small(long irVersion, long opset) {
    return ModelProto.newBuilder()
        .setIrVersion(irVersion)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(GraphProto.newBuilder().setName("g"))
        .build();
  }

  private static byte[] external(String location, Map<String, String> more) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName("w")
            .addDims(2)
            .setDataType(1)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    tensor.addExternalData(
        StringStringEntryProto.newBuilder().setKey("location").setValue(location));
    more.forEach(
        (key, value) ->
            tensor.addExternalData(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return small(8, 17).toBuilder()
        .setGraph(GraphProto.newBuilder().addInitializer(tensor))
        .build()
        .toByteArray();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private String data() throws IOException {
    return names().stream().filter(name -> name.endsWith(".data")).findFirst().orElseThrow();
  }

  private static OnnxModel weighty(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    OnnxGraph graph =
        OnnxGraph.of(
            "g",
            List.of(),
            List.of(OnnxValue.of("y", ElementType.FLOAT, count)),
            List.of(
                OnnxTensor.of("w", values, count),
                OnnxTensor.of("v", values, 1, count),
                OnnxTensor.of("k", new long[] {1}, 1)),
            List.of(OnnxNode.of("Identity", "i", List.of("w"), List.of("y"), Map.of())));
    return OnnxModel.of(8, Map.of("", 17L), new OnnxModel.Producer("test", "1"), graph);
  }

  private static OnnxModel everything() {
    OnnxTensor tensor = OnnxTensor.of("t", new float[] {1, -0f, Float.NaN}, 3);
    OnnxGraph body =
        OnnxGraph.of(
            "body",
            List.of(new OnnxValue("i", null, "untyped")),
            List.of(OnnxValue.of("o", ElementType.FLOAT, 3)),
            List.of(tensor.named("inner")),
            List.of(OnnxNode.of("Neg", "n", List.of("i"), List.of("o"), Map.of())));
    Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
    attributes.put("f", OnnxAttribute.of(1.5f));
    attributes.put("i", OnnxAttribute.of(Long.MIN_VALUE));
    attributes.put("s", OnnxAttribute.of("grüße"));
    attributes.put("t", OnnxAttribute.of(tensor));
    attributes.put("g", OnnxAttribute.of(body));
    attributes.put("fs", OnnxAttribute.of(new float[] {1, 2}));
    attributes.put("is", OnnxAttribute.of(new long[] {1, -2}));
    attributes.put("ss", OnnxAttribute.of(List.of("a", "")));
    attributes.put("ts", new OnnxAttribute.TensorList(List.of(tensor, tensor)));
    attributes.put("gs", new OnnxAttribute.GraphList(List.of(body)));
    attributes.put("none", OnnxAttribute.of(new long[0]));
    OnnxTensor places = OnnxTensor.of("", new long[] {0, 1, 2}, 3);
    attributes.put("sp", new OnnxAttribute.SparseValue(tensor, places, List.of(5L)));
    OnnxType sequence = new OnnxType.Sequence(new OnnxType.Tensor(ElementType.INT64, null));
    attributes.put("tp", new OnnxAttribute.TypeValue(sequence));
    attributes.put(
        "tps",
        new OnnxAttribute.TypeList(
            List.of(
                new OnnxType.Optional(sequence),
                new OnnxType.Mapping(ElementType.STRING, sequence),
                new OnnxType.SparseTensor(ElementType.DOUBLE, List.of(Dim.of(2))))));
    OnnxNode node =
        new OnnxNode(
            "Op",
            "com.example",
            "n",
            List.of("x", "", "t"),
            List.of("y", ""),
            attributes,
            "Model.java:12",
            Map.of("source", "Model.java:12"));
    List<Dim> dims = List.of(Dim.named("batch"), Dim.of(3), Dim.unknown());
    List<OnnxTensor> tensors = IntStream.range(0, 3).mapToObj(i -> tensor.named("t" + i)).toList();
    OnnxGraph graph =
        new OnnxGraph(
            "g",
            List.of(OnnxValue.of("x", ElementType.FLOAT16, dims)),
            List.of(new OnnxValue("y", new OnnxType.Tensor(ElementType.BOOL, null), "doc")),
            tensors,
            List.of(OnnxValue.of("between", ElementType.INT8)),
            List.of(node),
            "about the graph");
    OnnxNode inside =
        OnnxNode.of(
            "Elu",
            "",
            List.of("a"),
            List.of("b"),
            Map.of("alpha", new OnnxAttribute.Reference("alpha", OnnxAttribute.Kind.FLOAT)));
    OnnxFunction function =
        new OnnxFunction(
            "com.example",
            "Op",
            List.of("a"),
            List.of("b"),
            List.of("alpha"),
            Map.of("beta", OnnxAttribute.of(2L)),
            Map.of("", 21L),
            List.of(inside),
            "a function");
    OnnxTraining training = new OnnxTraining(null, body, Map.of("t0", "o"), Map.of("t1", "o"));
    return new OnnxModel(
        10,
        Map.of("", 21L),
        new OnnxModel.Producer("test", "1.0"),
        "com.example",
        3,
        "about the model",
        graph,
        List.of(function),
        List.of(training),
        Map.of("license", "none"));
  }
}
