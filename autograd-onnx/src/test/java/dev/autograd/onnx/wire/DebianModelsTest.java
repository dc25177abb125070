package dev.autograd.onnx.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.onnx.DebianModels;
import dev.autograd.onnx.OnnxFile;
import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.model.OnnxType;
import dev.autograd.onnx.model.OnnxValue;
import dev.autograd.onnx.proto.ModelProto;
import dev.autograd.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DebianModelsTest {
  @Test
  void messagesAreWrittenBackByteForByte() throws IOException {
    List<Path> files = DebianModels.files(".onnx");
    assertThat(files).hasSizeGreaterThan(1000);
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      ModelProto message = ModelProto.parseFrom(bytes);
      assertThat(message.toByteArray()).as(file.toString()).isEqualTo(bytes);
      assertThat(message.getUnknownFields().asMap()).as(file.toString()).isEmpty();
    }
  }

  @Test
  void modelsComeBackEqualFromTheirOwnBytes() throws IOException {
    for (Path file : DebianModels.files(".onnx")) {
      OnnxModel model = OnnxFile.read(file);
      OnnxModel again = OnnxFile.decode(OnnxFile.encode(model), file.toString());
      assertThat(again).as(file.toString()).isEqualTo(model);
    }
  }

  @Test
  void tensorsComeBackEqualWhicheverFormTheyHad() throws IOException {
    int read = 0;
    for (Path file : DebianModels.files("model.onnx")) {
      OnnxModel model = OnnxFile.read(file);
      read += tensors(file.resolveSibling("test_data_set_0"), "input", model.graph().inputs());
      read += tensors(file.resolveSibling("test_data_set_0"), "output", model.graph().outputs());
    }
    assertThat(read).isGreaterThan(2000);
  }

  private static int tensors(Path folder, String stem, List<OnnxValue> values) throws IOException {
    int read = 0;
    for (int i = 0; i < values.size(); i++) {
      Path file = folder.resolve(stem + "_" + i + ".pb");
      // Sequences and optionals stand in files of the same ending.
      if (!(values.get(i).type() instanceof OnnxType.Tensor type) || !Files.exists(file)) {
        continue;
      }
      OnnxTensor tensor = OnnxFile.readTensor(file);
      // NumPy has no bf16, so these tests store its bits as u16.
      ElementType stored =
          type.elementType() == ElementType.BFLOAT16 ? ElementType.UINT16 : type.elementType();
      assertThat(tensor.elementType()).as(file.toString()).isEqualTo(stored);
      TensorProto written = new ProtoWriter(null).tensor(tensor);
      assertThat(new ProtoReader(null).tensor(written)).as(file.toString()).isEqualTo(tensor);
      read++;
    }
    return read;
  }
}
